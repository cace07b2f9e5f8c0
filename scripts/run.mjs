/** `node scripts/run.mjs SCRIPT.ts …`: brings dependencies and Node 24, then runs that script. */
import { runOnNode24 } from './bootstrap.mjs'

const [script, ...args] = process.argv.slice(2)
if (script) runOnNode24(script, args)
else {
  console.error('Usage: node scripts/run.mjs SCRIPT.ts [arguments]')
  process.exit(2)
}
