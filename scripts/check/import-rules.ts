/** Runs dependency-cruiser and makes sure that it really read the code. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from '@matrixos/host/root'
import { runCommand } from '@matrixos/host/run-command'
import { z } from 'zod'

const FOLDERS = ['apps', 'packages', 'tests', 'scripts']

const resultSchema = z.object({
  summary: z.object({
    totalCruised: z.number(),
    violations: z.array(
      z.object({
        from: z.string(),
        to: z.string(),
        rule: z.object({ name: z.string(), severity: z.string() }),
      }),
    ),
  }),
})

/**
 * The violations below `root` as text; not ok as well when nothing was read (a wrong TypeScript makes it see nothing).
 */
export async function importRules(root = ROOT): Promise<{ ok: boolean; output: string }> {
  const script = join(ROOT, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs')
  const folders = FOLDERS.filter((folder) => existsSync(join(root, folder)))
  const args = [script, ...folders, '--config', '.dependency-cruiser.cjs', '--output-type', 'json']
  const { output } = await runCommand(process.execPath, args, { cwd: root })
  const parsed = resultSchema.safeParse(parseJson(output))
  if (!parsed.success) return { ok: false, output }
  const { totalCruised, violations } = parsed.data.summary
  if (totalCruised === 0)
    return { ok: false, output: 'dependency-cruiser read 0 modules: its rules prove nothing.' }
  const lines = violations.map(({ rule, from, to }) => `${rule.severity} ${rule.name}: ${from} → ${to}`)
  return { ok: lines.length === 0, output: [...lines, `${totalCruised} modules read`].join('\n') }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
