/**
 * Telegram, Slack and Discord on this machine, as far as channels need them: their APIs as bots call them, and deliveries
 * signed as they sign them. What a bot has said is kept.
 */
import { createHmac, generateKeyPairSync, randomBytes, sign } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'

export interface Said {
  service: 'telegram' | 'slack' | 'discord'
  /** A chat, a channel, or what an interaction is named by. */
  to: string
  words: string
  /** Further fields of the request. */
  with: Record<string, string>
}

interface Answer {
  status?: number
  body: unknown
}

/** Posts where nobody's cookies count. `fetch` may not, since api.localhost is no name that it can look up. */
export type Post = (
  url: string,
  init: { headers: Record<string, string>; body: string },
) => Promise<{ status: number; body: string }>

const viaFetch: Post = async (url, init) => {
  const answer = await fetch(url, { method: 'POST', ...init })
  return { status: answer.status, body: await answer.text() }
}

export const TELEGRAM_TOKEN = '123456:local-bot-of-the-tests-0123456789'
export const SLACK_TOKEN = 'xoxb-1234567890-local-bot-of-the-tests'
export const SLACK_SECRET = '0123456789abcdef0123456789abcdef'
export const DISCORD_TOKEN = `MTIz.local.${'x'.repeat(60)}`
const APPLICATION = '123456789012345678'

export type ChannelServices = Awaited<ReturnType<typeof startChannelServices>>

export async function startChannelServices({ post = viaFetch }: { post?: Post } = {}) {
  const said: Said[] = []
  const state = {
    webhook: null as { url: string; secret: string } | null,
    /** Where Slack delivers: an owner pastes it there. */
    slackUrl: null as string | null,
    discordUrl: null as string | null,
    commands: [] as unknown[],
    typing: 0,
    /** Answered to whatever is said next, in the order given; 0: the connection just ends. */
    failures: [] as number[],
  }
  const keys = generateKeyPairSync('ed25519')
  const publicKey = keys.publicKey.export({ format: 'der', type: 'spki' }).subarray(-32).toString('hex')

  const discordDelivery = (content: object, isRight = true) => {
    const [time, body] = [String(Math.floor(Date.now() / 1000)), JSON.stringify(content)]
    const signature = isRight ? sign(null, Buffer.from(time + body), keys.privateKey) : randomBytes(64)
    return {
      headers: {
        'content-type': 'application/json',
        'x-signature-timestamp': time,
        'x-signature-ed25519': signature.toString('hex'),
      },
      body,
    }
  }

  /** As Discord does before it takes an endpoint. */
  async function accepts(url: string): Promise<boolean> {
    const ping = { id: '1', application_id: APPLICATION, type: 1, token: 't', version: 1 }
    const [right, wrong] = [
      await post(url, discordDelivery(ping)),
      await post(url, discordDelivery(ping, false)),
    ]
    return right.status === 200 && JSON.parse(right.body).type === 1 && wrong.status === 401
  }

  function telegram(method: string, body: Record<string, unknown>): Answer {
    const ok = (result: unknown) => ({ body: { ok: true, result } })
    if (method === 'getMe')
      return ok({ id: 123_456, is_bot: true, first_name: 'Local', username: 'local_test_bot' })
    if (method === 'setWebhook')
      state.webhook = { url: String(body.url), secret: String(body.secret_token ?? '') }
    if (method === 'deleteWebhook') state.webhook = null
    if (method === 'sendChatAction') state.typing++
    if (method !== 'sendMessage') return ok(true)
    const chat = Number(body.chat_id)
    said.push({ service: 'telegram', to: String(chat), words: String(body.text), with: {} })
    return ok({ message_id: said.length, date: 1, chat: { id: chat, type: 'private' }, text: body.text })
  }

  function slack(method: string, body: URLSearchParams): Answer {
    if (method === 'auth.test')
      return { body: { ok: true, user: 'local_bot', team: 'Local', user_id: 'U0BOT', bot_id: 'B0BOT' } }
    if (method !== 'chat.postMessage') return { body: { ok: false, error: 'unknown_method' } }
    const { channel = '', markdown_text = '', ...more } = Object.fromEntries(body)
    said.push({ service: 'slack', to: channel, words: markdown_text, with: more })
    return { body: { ok: true, channel, ts: '1700000001.000100' } }
  }

  async function discord(method: string, path: string, body: Record<string, unknown>): Promise<Answer> {
    if (path === '/applications/@me') {
      if (method === 'PATCH') {
        const url = body.interactions_endpoint_url
        if (typeof url === 'string' && !(await accepts(url)))
          return { status: 400, body: { code: 50_035, message: 'Invalid Form Body', errors: {} } }
        state.discordUrl = typeof url === 'string' ? url : null
      }
      return { body: { id: APPLICATION, name: 'Local', verify_key: publicKey } }
    }
    if (path === `/applications/${APPLICATION}/commands`) {
      state.commands = Object.values(body)
      return { body: state.commands }
    }
    const [, kind, id, token, , original] = path.split('/')
    if (kind === 'users') return { body: { id: `dm-${body.recipient_id}`, type: 1 } }
    const to = kind === 'webhooks' ? `${id}/${token}` : (id ?? '')
    said.push({
      service: 'discord',
      to,
      words: String(body.content),
      with: { method, original: original ?? '' },
    })
    return { body: { id: String(said.length), content: body.content } }
  }

  async function answer(request: IncomingMessage, sent: string): Promise<Answer> {
    const path = (request.url ?? '').split('?', 1)[0] ?? ''
    const { authorization = '' } = request.headers
    const bot = /^\/telegram\/bot([^/]+)\/(\w+)$/.exec(path)
    if (bot) {
      if (bot[1] !== TELEGRAM_TOKEN)
        return { status: 401, body: { ok: false, error_code: 401, description: 'Unauthorized' } }
      return telegram(bot[2] ?? '', JSON.parse(sent || '{}'))
    }
    if (path.startsWith('/slack/')) {
      const isRight = authorization === `Bearer ${SLACK_TOKEN}`
      return isRight
        ? slack(path.slice(7), new URLSearchParams(sent))
        : { body: { ok: false, error: 'invalid_auth' } }
    }
    const isWebhook = path.startsWith('/discord/v10/webhooks/')
    if (!isWebhook && authorization !== `Bot ${DISCORD_TOKEN}`)
      return { status: 401, body: { code: 0, message: '401: Unauthorized' } }
    return discord(request.method ?? 'GET', path.replace(/^\/discord\/v10/, ''), JSON.parse(sent || '{}'))
  }

  const SAYS = /sendMessage|chat\.postMessage|\/messages|\/webhooks\//
  const server = createServer(async (request, response) => {
    const sent = await text(request)
    const failure = SAYS.test(request.url ?? '') ? state.failures.shift() : undefined
    if (failure === 0) return void request.socket.destroy()
    const failed = { ok: false, error_code: failure, description: 'Failed', parameters: { retry_after: 1 } }
    const { status = 200, body } = failure ? { status: failure, body: failed } : await answer(request, sent)
    response.writeHead(status, {
      'content-type': 'application/json',
      ...(status === 429 && { 'retry-after': '1' }),
    })
    response.end(JSON.stringify(body))
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const root = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  let update = 1_000

  return {
    said,
    state,
    /** The environment that leads there. */
    env: {
      TELEGRAM_API_URL: `${root}/telegram`,
      SLACK_API_URL: `${root}/slack`,
      DISCORD_API_URL: `${root}/discord`,
    },
    /** What somebody writes, delivered; the answer's status. `id`: again, as services do. */
    async writeOnTelegram(words: string, { id = ++update, from = 7 }: { id?: number; from?: number } = {}) {
      if (!state.webhook) throw new Error('There is no webhook.')
      const message = {
        ...{ message_id: id, date: Math.floor(Date.now() / 1000), text: words },
        chat: { id: from, type: 'private', first_name: 'Ada' },
        from: { id: from, is_bot: false, first_name: 'Ada' },
      }
      const headers = {
        'content-type': 'application/json',
        'x-telegram-bot-api-secret-token': state.webhook.secret,
      }
      return post(state.webhook.url, { headers, body: JSON.stringify({ update_id: id, message }) })
    },
    async writeOnSlack(
      words: string,
      { id = `Ev${++update}`, user = 'U7' }: { id?: string; user?: string } = {},
    ) {
      if (!state.slackUrl) throw new Error('There is no request URL.')
      const event = {
        type: 'message',
        channel_type: 'im',
        channel: `D${user}`,
        user,
        text: words,
        ts: `${update}.0001`,
      }
      const time = String(Math.floor(Date.now() / 1000))
      const body = JSON.stringify({
        ...{ type: 'event_callback', team_id: 'T1', api_app_id: 'A1', event_id: id, event },
        event_time: Number(time),
      })
      const mac = createHmac('sha256', SLACK_SECRET).update(`v0:${time}:${body}`).digest('hex')
      const headers = {
        ...{ 'content-type': 'application/json', 'x-slack-request-timestamp': time },
        'x-slack-signature': `v0=${mac}`,
      }
      return post(state.slackUrl, { headers, body })
    },
    async writeOnDiscord(
      words: string,
      { id = String(++update), user = '77' }: { id?: string; user?: string } = {},
    ) {
      if (!state.discordUrl) throw new Error('There is no endpoint.')
      const delivery = discordDelivery({
        ...{ id, application_id: APPLICATION, type: 2, token: `token-${id}`, version: 1, channel_id: '55' },
        member: { user: { id: user, username: 'ada', global_name: 'Ada' } },
        data: { id: '1', name: 'ask', type: 1, options: [{ name: 'words', type: 3, value: words }] },
      })
      return post(state.discordUrl, delivery)
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
