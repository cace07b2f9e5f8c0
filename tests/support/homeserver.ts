/** Synapse for a whole platform, and what it keeps of what people and their AIs say. */
import { readdirSync, readFileSync } from 'node:fs'
import { networkInterfaces } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { freePort } from '@matrixos/testing/free-port'
import { type Synapse, startSynapse } from '@matrixos/testing/synapse'

/** An address of this machine that containers reach. */
function hostAddress(): string {
  const all = Object.values(networkInterfaces()).flatMap((each) => each ?? [])
  const found = all.find(({ family, internal }) => family === 'IPv4' && !internal)
  if (!found) throw new Error('This machine has no address of its own.')
  return found.address
}

/** Of a platform below `localhost`, whose computers are containers. `env`: with which the platform uses it. */
export async function startHomeserver(): Promise<{ synapse: Synapse; env: Record<string, string> }> {
  const eventsPort = await freePort()
  const synapse = await startSynapse({
    serverName: 'localhost',
    eventsUrl: `http://127.0.0.1:${eventsPort}`,
    host: '0.0.0.0',
  })
  const env = {
    HOMESERVER_URL: `http://127.0.0.1:${synapse.port}`,
    INSTANCE_HOMESERVER_URL: `http://${hostAddress()}:${synapse.port}`,
    HOMESERVER_AS_TOKEN: synapse.asToken,
    HOMESERVER_HS_TOKEN: synapse.hsToken,
    HOMESERVER_LISTEN: `127.0.0.1:${eventsPort}`,
  }
  return { synapse, env }
}

/** All that is in its database's files, as text. */
export function keptBy({ databaseFile }: Synapse): string {
  const folder = dirname(databaseFile)
  const files = readdirSync(folder).filter((name) => name.startsWith(basename(databaseFile)))
  if (files.length === 0) throw new Error(`No database at ${databaseFile}`)
  return files.map((name) => readFileSync(join(folder, name)).toString('latin1')).join('')
}
