/** What went wrong with a request: a status for the program, words for the person. */
import { inPlainWords, PlainError } from '../files/plain-words.ts'

/** `details` go into the answer beside the message. */
export class RequestProblem extends PlainError {
  readonly status: number
  readonly details: object

  constructor(status: number, message: string, details: object = {}) {
    super(message)
    this.status = status
    this.details = details
  }
}

const STATUS: Record<string, number> = {
  ENOENT: 404,
  ENOTDIR: 404,
  EEXIST: 409,
  ENOTEMPTY: 409,
  EISDIR: 409,
  EBUSY: 409,
  ETXTBSY: 409,
  EXDEV: 409,
  EACCES: 403,
  EPERM: 403,
  EROFS: 403,
  ELOOP: 400,
  EINVAL: 400,
  ENAMETOOLONG: 400,
  EFBIG: 413,
  EMFILE: 503,
  ENFILE: 503,
  ENOSPC: 507,
  EDQUOT: 507,
}

export const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : ''

export const isMissing = (error: unknown): boolean => ['ENOENT', 'ENOTDIR'].includes(codeOf(error))

export const isFull = (error: unknown): boolean => ['ENOSPC', 'EDQUOT'].includes(codeOf(error))

/** For any thrown value; `status` is 500 for what is nobody's fault but ours. */
export function problemOf(
  error: unknown,
  subject?: string,
): {
  status: number
  problem: { message: string }
} {
  if (error instanceof RequestProblem) {
    return { status: error.status, problem: { message: error.message, ...error.details } }
  }
  const status = error instanceof PlainError ? 403 : (STATUS[codeOf(error)] ?? 500)
  return { status, problem: { message: inPlainWords(error, subject) } }
}

export const exists = (name: string) => new RequestProblem(409, `${name}: it already exists`)
