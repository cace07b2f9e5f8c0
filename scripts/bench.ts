/** `npm run bench -- NAME`: runs one benchmark; the last line is its result as JSON. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT, showError, UserError } from '@matrixos/host/root'

const FOLDER = join(ROOT, 'tests/bench')
const NAMES = ['density', 'edge', 'feed', 'gate', 'idle', 'proxy', 'signup', 'terminal', 'wake'].filter(
  (name) => existsSync(join(FOLDER, `${name}.ts`)),
)

async function main([name, ...args]: string[]): Promise<void> {
  if (!name || !NAMES.includes(name))
    throw new UserError(
      `Usage: npm run bench -- NAME\n  NAME: ${NAMES.join(', ')}; density takes --instances N (1000)`,
    )
  const { run } = await import(join(FOLDER, `${name}.ts`))
  const result = await run(args).catch((error: unknown) => failure(name, error))
  console.log(JSON.stringify(result))
  process.exit(result.ok ? 0 : 1)
}

/** A run that could not be finished ends with its JSON too, so that whoever compares runs sees that it failed. */
function failure(bench: string, error: unknown) {
  showError(error)
  const notes = error instanceof Error ? error.message : String(error)
  return { bench, ok: false, figures: {}, floor: {}, ratio: {}, notes }
}

main(process.argv.slice(2)).catch((error: unknown) => {
  showError(error)
  process.exit(1)
})
