/** What each part of the runtime contract begins with. */
import type { InstanceSpec, Runtime } from '../../../ports/runtime.ts'
import { healthy, type RuntimeHarness } from './harness.ts'

export interface Context {
  harness: RuntimeHarness
  runtime: Runtime
  /** Of a new instance. */
  spec: InstanceSpec
}

export async function running(context: Context) {
  const address = await context.runtime.start(context.spec)
  return { address, health: await healthy(address) }
}
