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
    about: 'A bot you message like anyone else.',
    steps: [
      'In Telegram, open a chat with @BotFather and send /newbot.',
      'Choose a name for the bot. BotFather replies with its token.',
      'Paste the token here. I’ll do the rest.',
    ],
    fields: [{ name: 'token', label: 'Token', like: '123456789:AAE…' }],
    after: [],
  },
  {
    kind: 'slack',
    name: 'Slack',
    about: 'An app in your workspace: send it a direct message, or mention it in a channel.',
    steps: [
      'On api.slack.com/apps, choose Create New App, then From scratch.',
      'Under OAuth & Permissions, add the bot token scopes app_mentions:read, chat:write and im:history, then install the app.',
      'Copy the Bot User OAuth Token from that page, and the Signing Secret from Basic Information.',
    ],
    fields: [
      { name: 'botToken', label: 'Bot user OAuth token', like: 'xoxb-…' },
      { name: 'signingSecret', label: 'Signing secret', like: '32 digits and letters' },
    ],
    after: [
      'In the app’s settings, turn on Event Subscriptions and paste the address above as the Request URL.',
      'Subscribe to the bot events app_mention and message.im, and save.',
      'Under App Home, allow people to send messages from the Messages tab.',
    ],
  },
  {
    kind: 'discord',
    name: 'Discord',
    about: 'A bot that answers /ask on your Discord server.',
    steps: [
      'On discord.com/developers/applications, create an application.',
      'Under Bot, reset the token and copy it.',
      'Paste the token here. I’ll do the rest.',
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
