/** The short form of `npm run test:chaos -- lifecycle`: each victim once, each time in three actions at once, or in one upgrade. */
import { join } from 'node:path'
import { findOnPath } from '@matrixos/host/parts'
import { ROOT } from '@matrixos/host/root'
import { runCommand } from '@matrixos/host/run-command'
import { describeReal } from '@matrixos/testing/describe-real'
import { expect, it } from 'vitest'
import { VICTIMS } from './world.ts'

/** Draws nine kinds of actions for them: the api dies in six computers' upgrade. */
const SEED = 20_261_612
const AT_ONCE = 3
const FAULTS = 18
const TIMEOUT_MS = 300_000
/** An engine of its own, in a network of its own. */
const canStartEngine = process.getuid?.() === 0 && findOnPath('dockerd') !== null

describeReal(['docker', 'caddy', 'postgres'], 'kill -9 in the middle of things', () => {
  it.runIf(canStartEngine)(
    'of each part leaves every computer whole, and none without an owner',
    async () => {
      const args = ['--seed', SEED, '--at-once', AT_ONCE, '--rounds', VICTIMS.length].map(String)
      const script = join(ROOT, 'scripts/test-chaos.ts')
      const { code, output } = await runCommand(process.execPath, [script, 'lifecycle', ...args])
      expect(output).toContain(`${FAULTS} passed, 0 failed`)
      for (const victim of VICTIMS) expect(output).toContain(`✓ kill -9 ${victim} in `)
      expect(code).toBe(0)
    },
    TIMEOUT_MS,
  )
})
