/** What went wrong with a file, in words that its owner can act on. */

/** An error whose message is meant for the owner of the home. */
export class PlainError extends Error {}

const WORDS: Record<string, string> = {
  ENOSPC: 'Your disk is full. Delete something you no longer need, then try again.',
  EDQUOT:
    'Your home has used all the space it may have. Delete something you no longer need, then try again.',
  ENOENT: 'no such file or folder',
  EEXIST: 'it is there already',
  ENOTEMPTY: 'the folder is not empty',
  EISDIR: 'that is a folder',
  ENOTDIR: 'that is not a folder',
  EACCES: 'this computer may not touch it',
  EPERM: 'this computer may not touch it',
  EROFS: 'that part of the disk cannot be written',
  ELOOP: 'too many links lead in a circle',
  ENAMETOOLONG: 'that name is too long',
  EMFILE: 'too many files are open; try again in a moment',
  EIO: 'the disk reports a fault',
  ERR_FS_CP_EINVAL: 'a folder cannot be copied into itself',
  ERR_FS_EISDIR: 'that is a folder; add -r to copy it with what is in it',
  EINVAL: 'a folder cannot be moved into itself',
}

/** For any thrown value; `subject` is what the owner called the file. Unknown faults are not explained away. */
export function inPlainWords(error: unknown, subject?: string): string {
  if (error instanceof PlainError) return error.message
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  const words = WORDS[code] ?? `something went wrong (${code || 'unknown fault'})`
  return subject === undefined || words.startsWith('Your ') ? words : `${subject}: ${words}`
}
