/** `npm run db:generate`: writes the SQL migration for what changed in the api's schema. Arguments go to drizzle-kit. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT, showError, UserError } from '@matrixos/host/root'
import { runCommand } from '@matrixos/host/run-command'

async function main(args: string[]): Promise<void> {
  const cwd = join(ROOT, 'apps/api')
  if (!existsSync(join(cwd, 'drizzle.config.ts')))
    throw new UserError('apps/api/drizzle.config.ts is missing.')
  const kit = join(ROOT, 'node_modules/drizzle-kit/bin.cjs')
  const { code } = await runCommand(process.execPath, [kit, 'generate', ...args], { cwd, show: true })
  process.exitCode = code
}

main(process.argv.slice(2)).catch(showError)
