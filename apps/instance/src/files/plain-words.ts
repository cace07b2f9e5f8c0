/** What went wrong with a file, in words that its owner can act on. */

/** An error whose message is meant for the owner of the home. */
export class PlainError extends Error {}

const WORDS: Record<string, string> = {
  ENOSPC: 'Your disk is full. Delete something you no longer need, then try again.',
  EDQUOT:
    'Your home has used all the space it may have. Delete something you no longer need, then try again.',
  ENOENT: 'no such file or folder',
  EEXIST: 'it already exists',
  ENOTEMPTY: 'the folder is not empty',
  EISDIR: 'that is a folder',
  ENOTDIR: 'that is not a folder',
  EACCES: 'I am not allowed to touch it',
  EPERM: 'I am not allowed to touch it',
  EROFS: 'that part of the disk is read-only',
  ELOOP: 'its links go round in a circle',
  ENAMETOOLONG: 'that name is too long',
  EMFILE: 'too many files are open; try again in a moment',
  EIO: 'the disk reported an error',
  ERR_FS_CP_EINVAL: 'a folder cannot be copied into itself',
  ERR_FS_EISDIR: 'that is a folder; add -r to copy it with what is in it',
  EINVAL: 'a folder cannot be moved into itself',
}

/** For any thrown value; `subject` is what the owner called the file. Unknown faults are not explained away. */
export function inPlainWords(error: unknown, subject?: string): string {
  if (error instanceof PlainError) return error.message
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  const words = WORDS[code] ?? `something went wrong (${code || 'unknown error'})`
  return subject === undefined || words.startsWith('Your ') ? words : `${subject}: ${words}`
}
