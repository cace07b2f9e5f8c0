/** The mailer port: hands one mail to whatever sends it. */
export interface Mail {
  to: string
  subject: string
  /** Plain text. */
  text: string
  /** The same for a mail that is sent again: `<…@…>`. */
  messageId?: string
}

export interface Mailer {
  /** Resolves once the server has taken it; rejects when it refused, or within half a minute. */
  send: (mail: Mail) => Promise<void>
  close: () => void
}
