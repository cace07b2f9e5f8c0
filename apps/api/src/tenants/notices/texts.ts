/** What the platform's mail about a computer's life says. */
import type { Mail } from '../../ports/mailer.ts'

export interface NoticeMailOptions {
  to: string
  handle: string
  dueAt: Date
  lastUsedAt: Date
  /** Where the computer is. */
  url: string
  /** Where its dashboard is. */
  appOrigin: string
  messageId: string
}

const day = new Intl.DateTimeFormat('en', { dateStyle: 'long', timeZone: 'UTC' })

const WHY = `You get this email because you confirmed this address for alerts. You can remove it there:`

const footer = ({ appOrigin }: NoticeMailOptions) => `${WHY}
${appOrigin}/settings/credits
`

export const archiveMail = (o: NoticeMailOptions): Mail => ({
  ...{ to: o.to, messageId: o.messageId },
  subject: `Your computer will be packed away on ${day.format(o.dueAt)}`,
  text: `Hello ${o.handle},

nobody has used your computer since ${day.format(o.lastUsedAt)}. On ${day.format(o.dueAt)} its files will be packed into an archive.
Nothing is deleted: your next visit unpacks them again, and takes a little longer than usual.

To keep it as it is, open it before then:

${o.url}

${footer(o)}`,
})

export const deletionMail = (o: NoticeMailOptions): Mail => ({
  ...{ to: o.to, messageId: o.messageId },
  subject: `Your computer will be deleted on ${day.format(o.dueAt)}`,
  text: `Hello ${o.handle},

somebody who is signed in as you has deleted your computer. It is closed, and on ${day.format(o.dueAt)} its files and your account
will be gone for good.

Until then you can have everything back as it was, or export your files: sign in, and choose “Keep my computer”.

${o.appOrigin}

If it was not you, do that now, and then sign out everywhere.

${footer(o)}`,
})
