/** The platform whose instances try to get out: one of them attacks, the other is its neighbour. */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { signUp, waitUntilRunning } from '@matrixos/client'
import { createAuthenticator } from '@matrixos/testing/authenticator'
import { freePort } from '@matrixos/testing/free-port'
import { openInstance, type PlatformClient } from '@matrixos/testing/platform-client'
import { tableOf } from '../../apps/api/src/drivers/runtime/docker/firewall/render.ts'
import { freeSubnet } from '../../apps/api/src/drivers/runtime/testing/free-subnet.ts'
import { containerOf } from '../support/inside.ts'
import { bootStack, type Stack } from '../support/stack.ts'
import { createAttack } from './attack.ts'
import { openBeyond } from './beyond.ts'
import { buildHostileImage } from './hostile/image.ts'
import { openListeners } from './listeners.ts'

export type InstanceRuntime = 'runc' | 'runsc'

export interface Instance {
  handle: string
  client: PlatformClient
  /** Of its pages. */
  url: string
  /** Of its container, on the instances' network. */
  address: string
}

export type Setup = Awaited<ReturnType<typeof openSetup>>

/** Small, so that what fills it is soon done. */
const MEMORY_BYTES = 256 * 1_048_576
export const PIDS = 128
export const DISK_BYTES = 64 * 1_048_576
export const INODES = 2_000

export async function openSetup(runtime: InstanceRuntime) {
  await using opened = new AsyncDisposableStack()
  const subnet = await freeSubnet(24)
  const gateway = subnet.replace(/\.0\/24$/, '.1')
  const homeserver = { host: gateway, port: await freePort() }
  opened.use(await openBeyond())
  const image = opened.use(await buildHostileImage())
  const stack = await bootStack({
    parts: 'real',
    env: {
      INSTANCE_IMAGE: image.tag,
      INSTANCE_RUNTIME: runtime,
      DOCKER_SUBNET: subnet,
      INSTANCE_FIREWALL: 'api',
      INSTANCES_MAY_REACH: `${homeserver.host}:${homeserver.port}`,
      INSTANCE_MEMORY_BYTES: String(MEMORY_BYTES),
      INSTANCE_MEMORY_RESERVATION_BYTES: String(MEMORY_BYTES / 2),
      INSTANCE_PIDS: String(PIDS),
      // The home store that has limits: the other one only measures.
      HOME_STORE: 'loop',
      INSTANCE_DISK_BYTES: String(DISK_BYTES),
      INSTANCE_INODES: String(INODES),
    },
  })
  const table = tableOf(`matrixos-${stack.name}`)
  opened.defer(async () => {
    await promisify(execFile)('nft', ['delete', 'table', 'inet', table]).catch(() => undefined)
  })
  // First of all, and whatever comes of it: a platform that runs would lay its table again.
  opened.use(stack)
  const attacker = await openOne(stack, 'mallory')
  const neighbour = await openOne(stack, 'ada')
  const listeners = opened.use(await openListeners({ gateway, homeserver }))
  const open = opened.move()
  return {
    ...{ runtime, stack, gateway, homeserver, table, attacker, neighbour, listeners },
    memoryBytes: MEMORY_BYTES,
    attack: createAttack(attacker.address),
    container: (handle = attacker.handle) => containerOf(stack.name, handle),
    /** It answers over the edge, and the platform itself does. */
    neighbourIsWell: async () => {
      const { status } = await neighbour.client.browser.fetch(`${neighbour.url}/health`)
      const front = await neighbour.client.browser.fetch(stack.url)
      return [status, front.status]
    },
    /** After what may have ended it: a visit starts it again. */
    restore: () => openInstance(attacker.client, `${attacker.url}/`),
    [Symbol.asyncDispose]: () => open.disposeAsync(),
  }
}

async function openOne(stack: Stack, handle: string): Promise<Instance> {
  const client = stack.client()
  await signUp({ client, authenticator: createAuthenticator(), handle })
  await waitUntilRunning(client)
  const url = stack.hosts.instanceOrigin(handle)
  await openInstance(client, `${url}/`)
  const { NetworkSettings } = await containerOf(stack.name, handle).inspect()
  const [network] = Object.values(NetworkSettings.Networks)
  if (!network?.IPAddress) throw new Error(`${handle} has no address.`)
  return { handle, client, url, address: network.IPAddress }
}
