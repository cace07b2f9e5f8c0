/** What a homeserver is told, and what is kept of it when it is written again. */
import { expect, it } from 'vitest'
import { homeserverFiles, secretsIn, settingsSchema } from './files.ts'

const secrets = { asToken: 'a'.repeat(64), hsToken: 'h'.repeat(64), macaroon: 'm', form: 'f' }
const filesOf = (given: object, more: object = {}) =>
  homeserverFiles({
    settings: settingsSchema.parse({ PUBLIC_URL: 'https://mos.example', ...given }),
    ...{ folder: '/etc/matrixos/homeserver', secrets, ...more },
  })
const configOf = (given: object, more?: object) => JSON.parse(filesOf(given, more)['homeserver.yaml'] ?? '')

it('agrees with the platform about names, addresses and tokens', () => {
  const files = filesOf({ HOMESERVER_LISTEN: '10.0.0.2:9000' }, { listen: '10.0.0.3:8008' })
  const registration = JSON.parse(files['registration.yaml'] ?? '')
  expect(registration).toMatchObject({ url: 'http://10.0.0.2:9000', as_token: secrets.asToken })
  expect(registration.namespaces.users[0].regex).toContain(':mos\\.example')
  expect(configOf({})).toMatchObject({
    ...{ server_name: 'mos.example', public_baseurl: 'https://matrix.mos.example/' },
    listeners: [{ port: 8008, bind_addresses: ['127.0.0.1'] }],
    app_service_config_files: ['/etc/matrixos/homeserver/registration.yaml'],
  })
  expect(files['platform.env']).toContain('HOMESERVER_URL=http://10.0.0.3:8008\n')
  expect(files['platform.env']).toContain(`HOMESERVER_HS_TOKEN=${secrets.hsToken}\n`)
})

it('talks to nobody else unless it is told to', () => {
  expect(configOf({})).toMatchObject({ federation_domain_whitelist: [] })
  const open = configOf({ HOMESERVER_FEDERATION: '1' })
  expect(open).not.toHaveProperty('federation_domain_whitelist')
  expect(open.listeners[0].resources).toEqual([{ names: ['client', 'federation'] }])
})

it('takes a database of PostgreSQL from its address, or a file of its own', () => {
  const HOMESERVER_DATABASE_URL = 'postgresql://syn:p%40ss@db.example/synapse'
  expect(configOf({ HOMESERVER_DATABASE_URL }).database).toMatchObject({
    name: 'psycopg2',
    args: { user: 'syn', password: 'p@ss', host: 'db.example', port: 5432, dbname: 'synapse' },
  })
  expect(configOf({}).database).toEqual({
    ...{ name: 'sqlite3', args: { database: '/etc/matrixos/homeserver/homeserver.db' } },
  })
  expect(() => filesOf({ HOMESERVER_DATABASE_URL: 'mysql://x' })).toThrow('Expected postgresql://')
})

it('keeps the secrets of what it wrote, and knows what it did not write', () => {
  const files = filesOf({})
  const read = (name: string) => JSON.parse(files[name] ?? '')
  expect(secretsIn(read('registration.yaml'), read('homeserver.yaml'))).toEqual(secrets)
  expect(secretsIn(read('registration.yaml'), undefined)).toBeNull()
})
