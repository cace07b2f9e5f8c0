/** What the contract suite needs of a driver's surroundings, and how it talks to the fake instance. */
import { randomBytes } from 'node:crypto'
import { type InstanceId, newId, type OciRuntime } from '@matrixos/shared'
import { until } from '@matrixos/testing/until'
import { z } from 'zod'
import type { HomeStore } from '../../../ports/home-store.ts'
import type {
  ContainerKey,
  InstanceAddress,
  InstanceLimits,
  InstanceSpec,
  Runtime,
  RuntimeEvent,
} from '../../../ports/runtime.ts'

export interface RuntimeHarness extends AsyncDisposable {
  homes: HomeStore
  image: string
  /** Runs what the contract makes; default: the engine's own. */
  ociRuntime?: OciRuntime
  /** A new driver object on the same machine, as after a restart of the api. */
  open(): Runtime
  /** As `kill -9` of the instance's program, behind the driver's back. */
  kill(id: InstanceId): Promise<void>
  /** Freezes it, behind the driver's back. */
  pause(id: InstanceId): Promise<void>
  /** The limits that its container has, as the engine says; a driver that enforces none leaves it out. */
  limitsOf?(id: InstanceId): Promise<InstanceLimits>
}

/** The next generation of the same instance, in a slot of its own. */
export const nextOf = (spec: InstanceSpec): InstanceSpec => ({
  ...spec,
  generation: spec.generation + 1,
  slot: slots++,
})

let slots = 0

export function makeSpec(image: string, overrides: Partial<InstanceSpec> = {}): InstanceSpec {
  const handle = `t${randomBytes(5).toString('hex')}`
  return {
    id: newId('ins', { now: Date.now, random: randomBytes }),
    handle,
    generation: 1,
    slot: slots++,
    aiTokenGeneration: 1,
    image,
    env: {
      MATRIX_HANDLE: handle,
      MATRIX_DISPLAY_NAME: 'Test',
      MATRIX_IMAGE: image,
      MATRIX_AUTH_TOKEN: 'token',
      MATRIX_USER_ID: 'usr_test',
      GATEWAY_EXTERNAL_URL: `http://${handle}.localhost:8080`,
      APP_EXTERNAL_URL: `http://{app}--${handle}.localhost:8080`,
      PORT: '4000',
      SHELL_PORT: '3000',
    },
    home: `/srv/instances/${handle}/matrixos`,
    limits: {
      memoryBytes: 256 * 1024 * 1024,
      memoryReservationBytes: 64 * 1024 * 1024,
      cpuShares: 512,
      cpuQuotaUs: 200_000,
      pids: 64,
    },
    ...overrides,
  }
}

/** With a home that is there. */
export async function makeSpecWithHome(
  { homes, image, ociRuntime }: Pick<RuntimeHarness, 'homes' | 'image' | 'ociRuntime'>,
  overrides: Partial<InstanceSpec> = {},
): Promise<InstanceSpec> {
  const spec = makeSpec(overrides.image ?? image, overrides)
  await homes.make(spec)
  return { ...spec, home: homes.pathOf(spec), ...(ociRuntime && { ociRuntime }) }
}

const urlOf = ({ host, gatewayPort }: InstanceAddress, path: string) => `http://${host}:${gatewayPort}${path}`

export async function ask(address: InstanceAddress, path: string, withinMs = 5_000): Promise<unknown> {
  const response = await fetch(urlOf(address, path), { signal: AbortSignal.timeout(withinMs) })
  if (!response.ok) throw new Error(`${path} answered ${response.status}`)
  return await response.json()
}

const health = z.object({ status: z.literal('ok'), handle: z.string(), starts: z.number(), pid: z.number() })

/** Resolves with the first healthy answer. */
export const healthy = (address: InstanceAddress) =>
  until('a healthy answer', () => ask(address, '/health').then(health.parse, () => null), 20_000)

export async function writeHome(address: InstanceAddress, name: string, text: string): Promise<void> {
  await fetch(urlOf(address, `/write?name=${name}`), { method: 'POST', body: text })
}

export const readHome = async (address: InstanceAddress, name: string): Promise<string> =>
  z.object({ text: z.string() }).parse(await ask(address, `/read?name=${name}`)).text

/** Collects events until disposed of. */
export function recordEvents(runtime: Runtime) {
  const abort = new AbortController()
  const events: RuntimeEvent[] = []
  const done = (async () => {
    for await (const event of runtime.events(abort.signal)) events.push(event)
  })()
  return {
    events,
    seen: (key: ContainerKey, kind: RuntimeEvent['kind']) =>
      until(`${key.id}.${key.generation} ${kind}`, () =>
        events.some(
          (event) => event.id === key.id && event.generation === key.generation && event.kind === kind,
        ),
      ),
    [Symbol.asyncDispose]: async () => {
      abort.abort()
      await done
    },
  }
}
