/**
 * The process that talks to the services: `channels.mjs` when it is built. Their libraries take more memory than all the
 * rest of the computer; it is given back when there is nothing to say.
 */
import type { ServiceClient } from './client.ts'
import { ServiceProblem } from './client.ts'
import { type Act, type FromHost, type Outcome, type Target, toHost } from './host-protocol.ts'

const FAILED = { words: 'Something went wrong inside this computer.', isPassing: true, isUnsent: false }

/** Each library is loaded when its service is first talked to. */
async function clientOf(target: Target): Promise<ServiceClient> {
  const { root } = target
  if (target.kind === 'telegram')
    return (await import('./telegram.ts')).telegramClient(target.credentials, root)
  if (target.kind === 'slack') return (await import('./slack.ts')).slackClient(target.credentials, root)
  return (await import('./discord.ts')).discordClient(target.credentials, root)
}

async function perform(client: ServiceClient, act: Act): Promise<Outcome> {
  if (act.act === 'check') return { identity: await client.check() }
  if (act.act === 'setUp') return { left: await client.setUp(act.url) }
  if (act.act === 'takeDown') await client.takeDown()
  else if (act.act === 'typing') await client.typing(act.reply)
  else if (act.act === 'send') await client.send(act.reply, act.text, act.part)
  else await client.write(act.person, act.text)
  return { done: true }
}

const tell = (message: FromHost) => {
  if (process.connected) process.send?.(message)
}

process.on('message', (message: unknown) => {
  const { number, target, act } = toHost.parse(message)
  clientOf(target)
    .then((client) => perform(client, act))
    .catch((error: unknown): Outcome => {
      if (error instanceof ServiceProblem) return { problem: error.problem }
      process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`)
      return { problem: FAILED }
    })
    .then((outcome) => tell({ number, outcome }))
})
process.on('disconnect', () => process.exit(0))
