/** Mail by SMTP. */
import { createTransport } from 'nodemailer'
import type { Mailer } from '../../../ports/mailer.ts'

export interface SmtpOptions {
  /** `smtp://USER:PASSWORD@HOST:PORT`, or `smtps:`. */
  url: string
  /** `Name <address>`. */
  from: string
}

const TIMEOUT_MS = 10_000

export function createSmtpMailer({ url, from }: SmtpOptions): Mailer {
  const transport = createTransport(
    {
      url,
      ...{ connectionTimeout: TIMEOUT_MS, greetingTimeout: TIMEOUT_MS, socketTimeout: TIMEOUT_MS },
      ...{ dnsTimeout: TIMEOUT_MS, disableFileAccess: true, disableUrlAccess: true },
    },
    { from },
  )
  return {
    async send({ to, subject, text, messageId }) {
      // A text of its own kind keeps answering programs quiet (RFC 3834).
      const headers = { 'auto-submitted': 'auto-generated' }
      await transport.sendMail({ to: { name: '', address: to }, subject, text, messageId, headers })
    },
    close: () => transport.close(),
  }
}
