/** `npm run homeserver`: writes what Synapse is told to serve this platform, and what the platform is told of it. */
import { randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { showError, UserError } from '@matrixos/host/root'
import { SYNAPSE_VERSION } from '@matrixos/host/synapse/binary'
import { readEnvironment } from '@matrixos/shared'
import { homeserverFiles, type Secrets, secretsIn, settingsSchema } from './homeserver/files.ts'

const USAGE = `Usage:
  npm run homeserver -- FOLDER [--listen HOST:PORT]
                                   write homeserver.yaml, registration.yaml, log.yaml, platform.env and, for
                                   deploy/compose.homeserver.yaml, compose.env there,
                                   for Synapse ${SYNAPSE_VERSION}. Again, it keeps the secrets.

PUBLIC_URL and the platform's settings for Matrix count as for npm start; HOMESERVER_DATABASE_URL is Synapse's own
PostgreSQL (without it, a file). deploy/README.md, "Matrix", has the rest.`

const SECRET_BYTES = 32
const newSecret = () => randomBytes(SECRET_BYTES).toString('hex')
const newSecrets = (): Secrets => ({
  ...{ asToken: newSecret(), hsToken: newSecret(), macaroon: newSecret(), form: newSecret() },
})

function main(args: string[]): void {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { listen: { type: 'string' }, help: { type: 'boolean' } },
  })
  const [given] = positionals
  if (given === undefined || positionals.length > 1 || values.help) throw new UserError(USAGE)
  if (values.listen !== undefined && !/^(?:\[[^\]]+\]|[^:]+):\d+$/.test(values.listen))
    throw new UserError('--listen: expected HOST:PORT.')
  const folder = resolve(given)
  const settings = readEnvironment({
    ...{ schema: settingsSchema, source: process.env, who: 'The homeserver' },
    readFile: (path) => readFileSync(path, 'utf8'),
  })
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const secrets = keptSecrets(folder) ?? newSecrets()
  const files = homeserverFiles({
    settings,
    folder,
    secrets,
    ...(values.listen && { listen: values.listen }),
  })
  for (const [name, content] of Object.entries(files))
    writeFileSync(join(folder, name), content, { mode: 0o600 })
  console.log(`Written to ${folder}. Add platform.env to the platform's settings, then:

  synapse_homeserver -c ${folder}/homeserver.yaml --generate-keys    # once
  synapse_homeserver -c ${folder}/homeserver.yaml`)
}

/** `null`: there are no files yet. Throws for such as this did not write. */
function keptSecrets(folder: string): Secrets | null {
  const read = (name: string): unknown => {
    let text: string
    try {
      text = readFileSync(join(folder, name), 'utf8')
    } catch {
      return null
    }
    try {
      return JSON.parse(text)
    } catch {
      return undefined
    }
  }
  const [registration, config] = [read('registration.yaml'), read('homeserver.yaml')]
  if (registration === null && config === null) return null
  const kept = secretsIn(registration, config)
  if (kept) return kept
  throw new UserError(`${folder} has a configuration that this command did not write. Name another folder.`)
}

try {
  main(process.argv.slice(2))
} catch (error) {
  showError(error)
}
