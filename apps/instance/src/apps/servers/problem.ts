/** Why an app's server does not answer. */
/** `lines`: the last that it printed. */
export class ServerProblem extends Error {
  readonly lines: string
  readonly retryAfterS: number | undefined

  constructor(message: string, lines = '', retryAfterS?: number) {
    super(message)
    this.lines = lines
    this.retryAfterS = retryAfterS
  }
}
