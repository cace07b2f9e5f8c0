/** Whether instances can run here, safely. */
import { AppError } from '../../../errors.ts'
import type { DockerContext } from './context.ts'

/** Engines from here on load the bridge filter themselves, and no longer say whether it is on. */
const ENGINE_WITH_OWN_FILTER = 28

/** Without the bridge filter, `enable_icc=false` is accepted and does nothing: instances would reach each other. */
async function assertIsolation({ engine }: DockerContext): Promise<void> {
  const { ServerVersion, BridgeNfIptables } = await engine.info()
  const major = Number.parseInt(String(ServerVersion), 10)
  if (BridgeNfIptables !== false || major >= ENGINE_WITH_OWN_FILTER) return
  throw new AppError(
    'engine_down',
    'Instances would not be isolated from each other. On the host run: modprobe br_netfilter && sysctl -w net.bridge.bridge-nf-call-iptables=1',
  )
}

export async function checkEngine(context: DockerContext, image: string): Promise<void> {
  await assertIsolation(context)
  await context.images.get(image)
  await context.network.ensure()
}
