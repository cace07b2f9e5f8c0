/** All cases, against one platform on Caddy, PostgreSQL and Docker whose containers run by this runtime. */
import { describeReal } from '@matrixos/testing/describe-real'
import type { PartName } from '@matrixos/testing/required-parts'
import { afterAll, beforeAll, describe } from 'vitest'
import { exhaustionCases } from './exhaustion-cases.ts'
import { homeCases } from './home-cases.ts'
import { hostCases } from './host-cases.ts'
import { networkCases } from './network-cases.ts'
import { powerCases } from './power-cases.ts'
import { type InstanceRuntime, openSetup, type Setup } from './setup.ts'

export function isolationSuite(runtime: InstanceRuntime, parts: PartName[]): void {
  describeReal(
    ['docker', 'caddy', 'postgres', ...parts],
    `an instance that tries to get out (${runtime})`,
    () => {
      let setup: Setup
      beforeAll(async () => {
        setup = await openSetup(runtime)
      })
      afterAll(() => setup?.[Symbol.asyncDispose]())
      const get = () => setup

      describe(runtime, () => {
        networkCases(get)
        hostCases(get)
        powerCases(get)
        homeCases(get)
        // The last ones: they end what they run in.
        exhaustionCases(get)
      })
    },
  )
}
