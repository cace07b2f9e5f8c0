/** What goes wrong between the page and the files of its computer, in words that can be shown as they are. */
import * as z from 'zod/mini'
import { problem } from '../../../../src/files/api/protocol.ts'
import { showName } from '../model/show-name.ts'

export interface FilesErrorOptions {
  /** The status of the answer; 0: there was none. */
  status: number
  /** With 412: what is there now; `null`: nothing. */
  version?: string | null | undefined
  /** With 409 of an upload: where to go on. */
  offset?: number | undefined
}

export class FilesError extends Error {
  readonly status: number
  readonly version: string | null | undefined
  readonly offset: number | undefined
  constructor(message: string, { status, version, offset }: FilesErrorOptions) {
    super(message)
    this.status = status
    this.version = version
    this.offset = offset
  }
  /** Worth another try without anybody doing anything: nobody answered, or somebody on the way. */
  get isPassing(): boolean {
    return (
      this.status === 0 ||
      this.status === 429 ||
      this.status === 502 ||
      this.status === 503 ||
      this.status === 504
    )
  }
}

export const OFFLINE = 'I can’t be reached right now.'
const SIGNED_OUT = 'Your session is over. Reload this page to sign in again.'
export const UNEXPECTED = 'Something went wrong inside this computer. Please try again.'

export async function problemOf(answer: Response): Promise<FilesError> {
  const { status } = answer
  const said = await answer
    .json()
    .then((body) => z.safeParse(problem, body))
    .catch(() => null)
  // What is no answer of the computer's own comes from the platform in front of it.
  if (!said?.success)
    return new FilesError(status === 401 ? SIGNED_OUT : status > 500 ? OFFLINE : UNEXPECTED, { status })
  const { message, version, offset } = said.data
  // It may name a file, and names hold anything.
  return new FilesError(status === 401 ? SIGNED_OUT : showName(message), { status, version, offset })
}

/** The sentence for any thrown value. */
export const wordsOf = (error: unknown): string => (error instanceof FilesError ? error.message : UNEXPECTED)

/** Whether an error only says that the page itself gave up. */
export const isAborted = (error: unknown): boolean =>
  error instanceof DOMException && error.name === 'AbortError'
