/** Slack's Web API. */
import { ErrorCode, LogLevel, WebClient, type WebClientOptions } from '@slack/web-api'
import type { Slack } from '../config.ts'
import { refused, type ServiceClient, unreachable } from './client.ts'

const NAME = 'Slack'
const TIMEOUT_MS = 20_000

const WORDS: Record<string, string> = {
  invalid_auth: `${NAME} refuses this token. It may be mistyped or revoked.`,
  not_authed: `${NAME} refuses this token. It may be mistyped or revoked.`,
  account_inactive: 'This token belongs to an app or a workspace that is gone.',
  token_revoked: 'This token was revoked.',
  missing_scope: 'The app lacks the scope chat:write. Add it, and install the app anew.',
  channel_not_found: 'The bot is not in that channel.',
  not_in_channel: 'The bot is not in that channel.',
}

function explained(error: unknown) {
  const code = error instanceof Error && 'code' in error ? error.code : ''
  if (code === ErrorCode.RateLimitedError)
    return refused(`${NAME} wants fewer messages.`, { isPassing: true }, error)
  if (code !== ErrorCode.PlatformError) return unreachable(NAME, error)
  const data: unknown = error instanceof Error && 'data' in error ? error.data : null
  const named = typeof data === 'object' && data !== null && 'error' in data ? String(data.error) : ''
  return refused(WORDS[named] ?? `${NAME} says: ${named.replaceAll('_', ' ')}.`, {}, error)
}

const told = async <T>(work: Promise<T>): Promise<T> => {
  try {
    return await work
  } catch (error) {
    throw explained(error)
  }
}

export function slackClient({ botToken }: Slack, slackApiUrl: string | null): ServiceClient {
  const options: WebClientOptions = {
    timeout: TIMEOUT_MS,
    logLevel: LogLevel.ERROR,
    // What is done again, and when, is decided where it is known what was done.
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    ...(slackApiUrl && { slackApiUrl: `${slackApiUrl.replace(/\/+$/, '')}/` }),
  }
  const client = new WebClient(botToken, options)
  const post = (channel: string, text: string, thread?: string) =>
    told(client.chat.postMessage({ channel, markdown_text: text, ...(thread && { thread_ts: thread }) }))
  return {
    async check() {
      const { user, team, bot_id } = await told(client.auth.test())
      if (!bot_id) throw refused('This is no bot’s token. Copy the one that begins with xoxb-.')
      return { name: `@${user} in ${team}` }
    },
    // Slack takes the address from a person alone.
    setUp: async (url) => `Paste ${url} as the request URL under Event Subscriptions.`,
    takeDown: async () => undefined,
    // Bots cannot show it there.
    typing: async () => undefined,
    send: async ({ channel = '', thread }, text) => void (await post(channel, text, thread)),
    // With a person's id, it is between the two.
    write: async (person, text) => void (await post(person, text)),
  }
}
