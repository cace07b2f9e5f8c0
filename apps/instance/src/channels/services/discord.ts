/** Discord's REST API. */
import { DiscordAPIError, HTTPError, REST } from '@discordjs/rest'
import { ApplicationCommandOptionType, ApplicationCommandType, Routes } from 'discord-api-types/v10'
import * as z from 'zod/mini'
import type { Discord } from '../config.ts'
import { type Reply, refused, type ServiceClient, unreachable } from './client.ts'

const NAME = 'Discord'
const TIMEOUT_MS = 20_000
/** An interaction can be answered for 15 minutes. */
const UNKNOWN_WEBHOOK = [10_015, 50_027]

const application = z.object({ id: z.string(), name: z.string(), verify_key: z.string() })
const channel = z.object({ id: z.string() })

const COMMANDS = [
  {
    name: 'ask',
    type: ApplicationCommandType.ChatInput,
    description: 'Ask this computer something.',
    options: [
      {
        name: 'words',
        description: 'What to ask.',
        type: ApplicationCommandOptionType.String,
        required: true,
      },
    ],
  },
]

const isLate = (error: unknown) =>
  error instanceof DiscordAPIError && UNKNOWN_WEBHOOK.includes(Number(error.code))

function explained(error: unknown) {
  if (error instanceof DiscordAPIError) {
    if (error.status === 401) return refused(`${NAME} refuses this token. It may be mistyped or reset.`)
    return refused(`${NAME} says: ${error.message}`, {}, error)
  }
  if (error instanceof HTTPError && error.status === 429)
    return refused(`${NAME} wants fewer messages.`, { isPassing: true }, error)
  return unreachable(NAME, error)
}

const told = async <T>(work: Promise<T>): Promise<T> => {
  try {
    return await work
  } catch (error) {
    throw explained(error)
  }
}

const PASTE = (url: string) =>
  `Discord did not take the address by itself. Paste ${url} as the interactions endpoint URL under General Information.`

export function discordClient({ botToken, applicationId }: Discord, api: string | null): ServiceClient {
  const rest = new REST({ version: '10', retries: 0, timeout: TIMEOUT_MS, ...(api && { api }) }).setToken(
    botToken,
  )
  const me = async () => application.parse(await told(rest.get(Routes.currentApplication())))
  const post = async (to: string, text: string) =>
    void (await told(rest.post(Routes.channelMessages(to), { body: { content: text } })))

  /** In place of the "thinking…", as often as one likes; what does not fit there, below it. */
  const followUp = ({ application: id = '', token = '' }: Reply, text: string, part: number) =>
    part === 0
      ? rest.patch(Routes.webhookMessage(id, token), { body: { content: text }, auth: false })
      : rest.post(Routes.webhook(id, token), { body: { content: text }, auth: false })

  return {
    async check() {
      const { id, name, verify_key } = await me()
      return { name, found: { applicationId: id, publicKey: verify_key } }
    },
    async setUp(url) {
      const id = applicationId ?? (await me()).id
      await told(rest.put(Routes.applicationCommands(id), { body: COMMANDS }))
      try {
        await rest.patch(Routes.currentApplication(), { body: { interactions_endpoint_url: url } })
        return null
      } catch (error) {
        if (error instanceof DiscordAPIError && error.status === 400) return PASTE(url)
        throw explained(error)
      }
    },
    takeDown: async () =>
      void (await told(
        rest.patch(Routes.currentApplication(), { body: { interactions_endpoint_url: null } }),
      )),
    // It says that it thinks, by itself.
    typing: async () => undefined,
    async send(reply, text, part) {
      try {
        await followUp(reply, text, part)
      } catch (error) {
        // Too late for that: as any message, where the bot is a member.
        if (!isLate(error) || !reply.channel) throw explained(error)
        await post(reply.channel, text)
      }
    },
    async write(person, text) {
      const body = { recipient_id: person }
      const opened = channel.parse(await told(rest.post(Routes.userChannels(), { body })))
      await post(opened.id, text)
    },
  }
}
