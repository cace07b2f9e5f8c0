/** An error that is a response: what the edge itself tells the client instead of proxying. */
import { type EdgePage, UNAVAILABLE_PAGE } from '../../policy/pages.ts'
import { BAD_ANSWER, UNAVAILABLE } from '../../policy/texts.ts'

export class Refusal extends Error {
  readonly status: number
  /** In place of those for a line of text. */
  readonly headers: Readonly<Record<string, string>> | undefined
  /** For a person, in place of the text. */
  readonly page: EdgePage | undefined

  constructor(
    status: number,
    text: string,
    options?: ErrorOptions & { headers?: Readonly<Record<string, string>>; page?: EdgePage },
  ) {
    super(text, options)
    this.status = status
    this.headers = options?.headers
    this.page = options?.page
  }
}

/** The upstream said something that is not HTTP, or that the client may not get. */
export const badAnswer = (cause?: unknown): Refusal => new Refusal(502, BAD_ANSWER, { cause })

export const refusalFor = (error: unknown): Refusal =>
  error instanceof Refusal ? error : new Refusal(503, UNAVAILABLE, { cause: error, page: UNAVAILABLE_PAGE })
