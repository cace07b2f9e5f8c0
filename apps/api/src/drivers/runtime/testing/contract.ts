/** The contract that every runtime driver meets. */
import { afterAll, beforeAll, describe } from 'vitest'
import type { Runtime } from '../../../ports/runtime.ts'
import type { Context } from './contract-context.ts'
import { generationsContract } from './contract-generations.ts'
import { limitsContract } from './contract-limits.ts'
import { lookingContract } from './contract-looking.ts'
import { makingContract } from './contract-making.ts'
import { runningContract } from './contract-running.ts'
import { makeSpecWithHome, type RuntimeHarness } from './harness.ts'

export function runtimeContract(name: string, boot: () => Promise<RuntimeHarness>): void {
  describe(`${name} keeps the runtime contract`, () => {
    let harness: RuntimeHarness
    let runtime: Runtime
    beforeAll(async () => {
      harness = await boot()
      runtime = harness.open()
    })
    afterAll(async () => await harness?.[Symbol.asyncDispose]())

    const context = async (): Promise<Context> => ({
      harness,
      runtime,
      spec: await makeSpecWithHome(harness),
    })
    describe('making', () => makingContract(context))
    describe('running', () => runningContract(context))
    describe('limits', () => limitsContract(context))
    describe('looking', () => lookingContract(context))
    describe('replacing', () => generationsContract(context))
  })
}
