/**
 * `npm run test:openapi`: schemathesis calls every address of the running api with what the document allows and with what
 * it does not, and compares each answer with the document. It prints its seed; `-- --seed N` repeats a run.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { schemathesisBinary } from '@matrixos/host/parts'
import { showError, UserError } from '@matrixos/host/root'
import { startApi } from '../support/api.ts'
import { createHome } from './world.ts'

/** For each address; a run takes a minute or so. */
const EXAMPLES = 40

/** As many as it likes: limits have tests of their own. */
const NO_LIMITS = Object.fromEntries(
  ['API_REQUESTS_PER_NETWORK', 'STATS_PER_NETWORK', 'CHANGES_PER_SESSION', 'WRONG_TOKENS_PER_NETWORK'].map(
    (name) => [`${name}_PER_MINUTE`, '1000000'],
  ),
)

const CONFIG = (parameters: Record<string, string>) =>
  ['[parameters]', ...Object.entries(parameters).map(([name, id]) => `"${name}" = "${id}"`), ''].join('\n')

/** Some of what a schema allows is refused by right: titles that show nothing, cursors of no page, other people's ids. */
const NOT_CHECKED = 'positive_data_acceptance'

async function main(args: string[]): Promise<number> {
  const program = schemathesisBinary()
  if (program === null) throw new UserError('schemathesis is missing. Install it: npm run setup:real')
  await using api = await startApi({ env: { ...NO_LIMITS, RESTARTS_PER_ACCOUNT_PER_HOUR: '1000000' } })
  const folder = mkdtempSync(join(tmpdir(), 'mos-openapi-'))
  try {
    const { token, parameters } = await createHome(api)
    const config = join(folder, 'schemathesis.toml')
    writeFileSync(config, CONFIG(parameters))
    const { host, port } = new URL(api.client().hosts.apiOrigin)
    // Many resolvers do not know that names below localhost are this machine.
    const url = `http://127.0.0.1:${port}`
    const child = spawn(
      program,
      [
        ...['--config-file', config, 'run', `${url}/openapi.json`, '--url', url],
        ...['-H', `Host: ${host}`, '-H', `Authorization: Bearer ${token}`],
        ...['--checks', 'all', '--exclude-checks', NOT_CHECKED, '--continue-on-failure'],
        ...['--max-examples', String(EXAMPLES), ...args],
      ],
      { cwd: folder, stdio: 'inherit' },
    )
    const [code] = await once(child, 'exit')
    return typeof code === 'number' ? code : 1
  } finally {
    rmSync(folder, { recursive: true })
  }
}

main(process.argv.slice(2)).then((code) => {
  process.exitCode = code
}, showError)
