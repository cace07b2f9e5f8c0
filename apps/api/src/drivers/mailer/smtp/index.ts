/** Mail by SMTP. */
import type { Mailer } from '../../../ports/mailer.ts'

export interface SmtpOptions {
  /** `smtp://USER:PASSWORD@HOST:PORT`, or `smtps:`. */
  url: string
  /** `Name <address>`. */
  from: string
  /** For one mail, from its connection to the server's last word. */
  timeoutMs?: number
}

/** For one step; a server that says a little now and then never meets it. */
const STEP_MS = 10_000
const TIMEOUT_MS = 25_000
const CLOSE_MS = 500

export function createSmtpMailer({ url, from, timeoutMs = TIMEOUT_MS }: SmtpOptions): Mailer {
  let opened: ReturnType<typeof openTransport> | undefined
  return {
    async send({ to, subject, text, messageId }) {
      opened ??= openTransport(url, from)
      const transport = await opened
      // A text of its own kind keeps answering programs quiet (RFC 3834).
      const headers = { 'auto-submitted': 'auto-generated' }
      const mail = { to: { name: '', address: to }, subject, text, messageId, headers }
      await transport.sendMail({ ...mail, signal: AbortSignal.timeout(timeoutMs) })
    },
    close: () => void opened?.then((transport) => transport.close()),
  }
}

/** Loaded with the first mail: it takes 8 MB, and many platforms send none. */
async function openTransport(url: string, from: string) {
  const { createTransport } = await import('nodemailer')
  return createTransport(
    {
      url,
      ...{ connectionTimeout: STEP_MS, greetingTimeout: STEP_MS, socketTimeout: STEP_MS },
      ...{
        dnsTimeout: STEP_MS,
        socketCloseTimeout: CLOSE_MS,
        disableFileAccess: true,
        disableUrlAccess: true,
      },
    },
    { from },
  )
}
