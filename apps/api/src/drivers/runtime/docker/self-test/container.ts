/** A short-lived container on the instances' network, with nothing but the program of the self-test. */
import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import type { Bridge } from '../bridges.ts'
import type { ContainerCreateOptions } from '../client.ts'
import type { DockerContext } from '../context.ts'
import { SELF_TEST_LABEL } from '../labels.ts'
import { LIFE_MS, type Place, PROGRAM, SELF_TEST_PORT } from './program.ts'

const MEMORY_BYTES = 128 * 1024 * 1024
const PIDS = 32
const ANSWER_MS = 5_000
/** By then it has ended, or never began. */
const LEFT_AFTER_MS = 5 * LIFE_MS

export interface Tester extends AsyncDisposable {
  address: string
  /** Whether each of these places answered it. Throws while it does not listen yet. */
  reached(places: readonly Place[]): Promise<boolean[]>
}

export async function startTester(
  context: DockerContext,
  { image, bridge }: { image: string; bridge: Bridge },
): Promise<Tester> {
  const { engine } = context
  const { id } = await context.images.get(image)
  const container = await engine.createContainer(configFor(context, id, bridge))
  // What cannot be removed now ends by itself, and what was found stands all the same.
  const discard = async () => void (await container.remove({ force: true }).catch(() => undefined))
  try {
    await container.start()
    const { NetworkSettings } = await container.inspect()
    const address = NetworkSettings.Networks[bridge.networkName]?.IPAddress
    if (!address) throw new Error('It ended at once: does the image have Node?')
    return { address, reached: (places) => ask(address, places), [Symbol.asyncDispose]: discard }
  } catch (error) {
    await discard()
    throw error
  }
}

/** Those of a process that was killed before they ran: the engine removes only what has run. */
export async function discardLeft({ engine, settings }: DockerContext): Promise<void> {
  const label = [`${SELF_TEST_LABEL}=${settings.platformId}`]
  for (const { Id, Created } of await engine.listContainers({ all: true, filters: { label } })) {
    if (Created * 1_000 > Date.now() - LEFT_AFTER_MS) continue
    await engine
      .getContainer(Id)
      .remove({ force: true })
      .catch(() => undefined)
  }
}

/** An address of the engine's choice: those of instances are by slot. */
function configFor({ settings }: DockerContext, image: string, bridge: Bridge): ContainerCreateOptions {
  const { uid, gid } = settings.user
  return {
    // Not under the prefix of instances: whoever lists those by name must not meet it.
    name: `self-test-${settings.platformId}-${randomBytes(4).toString('hex')}`,
    Image: image,
    Entrypoint: ['node', '-e', PROGRAM],
    Cmd: [],
    User: `${uid}:${gid}`,
    Labels: { [SELF_TEST_LABEL]: settings.platformId },
    HostConfig: {
      Init: true,
      AutoRemove: true,
      NetworkMode: bridge.networkName,
      CapDrop: ['ALL'],
      SecurityOpt: ['no-new-privileges:true'],
      ReadonlyRootfs: true,
      Memory: MEMORY_BYTES,
      MemorySwap: MEMORY_BYTES,
      PidsLimit: PIDS,
      LogConfig: { Type: 'none', Config: {} },
    },
  }
}

async function ask(address: string, places: readonly Place[]): Promise<boolean[]> {
  const query = encodeURIComponent(JSON.stringify(places))
  const response = await fetch(`http://${address}:${SELF_TEST_PORT}/?places=${query}`, {
    signal: AbortSignal.timeout(ANSWER_MS),
  })
  return z.array(z.boolean()).parse(await response.json())
}
