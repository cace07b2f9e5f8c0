/** The homeserver in containers, as far as its file has to agree with what `npm run homeserver` writes. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { SYNAPSE_VERSION } from '@matrixos/host/synapse/binary'
import { expect, it } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { homeserverFiles, settingsSchema } from './files.ts'

const DEPLOY = join(import.meta.dirname, '../../deploy')
const text = readFileSync(join(DEPLOY, 'compose.homeserver.yaml'), 'utf8')
const readme = readFileSync(join(DEPLOY, 'README.md'), 'utf8')
const FOLDER = '/etc/matrixos/homeserver'
/** The one of the commands in README.md. */
const [DATABASE_URL = ''] = /postgresql:\/\/synapse:\$password@\S+/.exec(readme) ?? []

const service = z.object({ image: z.string(), environment: z.record(z.string(), z.string()) })
const composeSchema = z.object({
  services: z.object({
    synapse: service.extend({ network_mode: z.string(), user: z.string(), volumes: z.array(z.string()) }),
    database: service.extend({ ports: z.array(z.string()), volumes: z.array(z.string()) }),
  }),
  volumes: z.record(z.string(), z.object({ name: z.string() })),
})

const filesFor = (url: string, folder = FOLDER) =>
  homeserverFiles({
    settings: settingsSchema.parse({ PUBLIC_URL: 'https://mos.example', HOMESERVER_DATABASE_URL: url }),
    secrets: { asToken: 'a'.repeat(64), hsToken: 'h'.repeat(64), macaroon: 'm', form: 'f' },
    folder,
  })
const files = filesFor(DATABASE_URL.replace('$password', 'c0ffee'))
const config = JSON.parse(files['homeserver.yaml'] ?? '')

/** With what stands in `compose.env`, as compose fills it in. */
function filledIn() {
  const values = new Map(
    (files['compose.env'] ?? '').split('\n').flatMap((line) => {
      const [, name = '', value = ''] = /^(\w+)=(.*)$/.exec(line) ?? []
      return name === '' ? [] : [[name, value] as const]
    }),
  )
  const filled = text.replace(/\$\{(\w+)(?::\?|:-([^}]*))\}/g, (_, name: string, otherwise?: string) => {
    const value = values.get(name) ?? otherwise
    if (value === undefined) throw new Error(`compose.env has no ${name}.`)
    return value
  })
  expect(filled).not.toContain('${')
  return composeSchema.parse(parse(filled))
}

it('gives Synapse the files and the database that its settings name', () => {
  const { synapse, database } = filledIn().services
  expect(synapse.environment).toMatchObject({ SYNAPSE_CONFIG_PATH: `${FOLDER}/homeserver.yaml` })
  expect(synapse.volumes).toEqual([`${FOLDER}:${FOLDER}`])
  const { user, password, dbname, host, port } = config.database.args
  expect(database.environment).toMatchObject({
    ...{ POSTGRES_USER: user, POSTGRES_PASSWORD: password, POSTGRES_DB: dbname },
    POSTGRES_INITDB_ARGS: '--encoding=UTF8 --locale=C',
  })
  // Nobody but this server reaches it; Synapse does because it has the server's own network.
  expect(database.ports).toEqual([`${host}:${port}:5432`])
  expect([host, synapse.network_mode]).toEqual(['127.0.0.1', 'host'])
})

it('runs the version that the platform is tested with, as whoever the files are given to', () => {
  const { synapse } = filledIn().services
  expect(synapse.image).toBe(`matrixdotorg/synapse:v${SYNAPSE_VERSION}`)
  expect(readme).toContain(`chown -R ${synapse.user} ${FOLDER}`)
})

it('keeps the database in a volume that outlives its container', () => {
  const { services, volumes } = filledIn()
  const [from = '', to] = services.database.volumes[0]?.split(':') ?? []
  expect([Object.keys(volumes), to]).toEqual([[from], '/var/lib/postgresql/data'])
})

it('writes down no password that compose would read as another', () => {
  for (const password of ['a%24b', 'a%23b', 'a%20b', 'a%27b'])
    expect(filesFor(`postgresql://synapse:${password}@127.0.0.1/synapse`)).not.toHaveProperty(['compose.env'])
  expect(filesFor('postgresql://synapse:x@127.0.0.1/synapse', '/a folder')).not.toHaveProperty([
    'compose.env',
  ])
})
