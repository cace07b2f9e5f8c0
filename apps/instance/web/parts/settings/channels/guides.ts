/** What an owner does at each service, step by step, and what they paste here. */
import type { ChannelKind } from '@matrixos/shared'
import type { ChannelView } from '../../../../src/channels/protocol.ts'

export interface Field {
  name: string
  label: string
  /** What it looks like. */
  like: string
}

export interface Guide {
  kind: ChannelKind
  name: string
  about: string
  /** Before it is connected. */
  steps: readonly string[]
  fields: readonly Field[]
  /** Once it is connected, where the service takes nothing from a computer. */
  after: readonly string[]
}

export const GUIDES: readonly Guide[] = [
  {
    kind: 'telegram',
    name: 'Telegram',
    about: 'A bot that you write to as to anybody.',
    steps: [
      'In Telegram, write to @BotFather and send /newbot.',
      'Choose a name for the bot. BotFather answers with its token.',
      'Paste the token here. I do the rest.',
    ],
    fields: [{ name: 'token', label: 'Token', like: '123456789:AAE…' }],
    after: [],
  },
  {
    kind: 'slack',
    name: 'Slack',
    about: 'An app in your workspace, written to directly or mentioned in a channel.',
    steps: [
      'On api.slack.com/apps, create an app from scratch in your workspace.',
      'Under OAuth & Permissions, add the bot token scopes app_mentions:read, chat:write and im:history, then install the app.',
      'Copy the bot user OAuth token from there, and the signing secret from Basic Information.',
    ],
    fields: [
      { name: 'botToken', label: 'Bot user OAuth token', like: 'xoxb-…' },
      { name: 'signingSecret', label: 'Signing secret', like: '32 digits and letters' },
    ],
    after: [
      'In the app’s settings, switch Event Subscriptions on, and paste the address above as the request URL.',
      'Subscribe to the bot events app_mention and message.im, and save.',
      'Under App Home, allow messages from the Messages tab.',
    ],
  },
  {
    kind: 'discord',
    name: 'Discord',
    about: 'A bot that answers /ask on your server.',
    steps: [
      'On discord.com/developers/applications, create an application.',
      'Under Bot, reset the token and copy it.',
      'Paste the token here. I do the rest.',
    ],
    fields: [{ name: 'botToken', label: 'Bot token', like: 'MTIzNDU2…' }],
    after: [],
  },
]

/** With a hyphen, as one reads it out. */
export const shownCode = (code: string): string => `${code.slice(0, 4)}-${code.slice(4)}`

/** Where its owner writes the code. */
export function pairingOf({ kind, name, code, applicationId }: ChannelView): {
  words: string
  link: string | null
} {
  if (kind === 'telegram') {
    const bot = name?.replace(/^@/, '')
    return {
      words: `Send this code to ${name ?? 'the bot'}:`,
      link: bot ? `https://t.me/${bot}?start=${code}` : null,
    }
  }
  if (kind === 'slack') return { words: 'Send this code to the app as a direct message:', link: null }
  const invite = 'https://discord.com/oauth2/authorize?scope=bot+applications.commands&client_id='
  return {
    words: 'Invite the bot to your server, and send this code there with /ask:',
    link: applicationId ? `${invite}${applicationId}` : null,
  }
}
