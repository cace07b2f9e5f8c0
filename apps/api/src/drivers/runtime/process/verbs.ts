/** The verbs on one instance. Callers hold its lock. */
import { access } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import { isMissing } from '@matrixos/host/files'
import { AppError } from '../../../errors.ts'
import type { ContainerKey, InstanceAddress, InstanceSpec } from '../../../ports/runtime.ts'
import { addressAt, aliveOf } from './alive.ts'
import { look } from './identity.ts'
import { type Launched, launch } from './launch.ts'
import type { ProcessSettings } from './options.ts'
import { freePort, isListening } from './port.ts'
import { createState, initialState, type ProcessState, readState, readStates, writeState } from './state.ts'
import { killGroup, signalGroup, terminate } from './terminate.ts'

const PORT_ATTEMPTS = 3
const PORT_POLL_MS = 10
const PAUSE_POLL_MS = 5
const PAUSE_WITHIN_MS = 5_000

export interface VerbContext {
  settings: ProcessSettings
  /** Our own children: nobody can know the exit code of an adopted process. */
  children: Map<number, Promise<number>>
  /** Called when a child of ours has ended. */
  onExit: (state: ProcessState) => void
  now: () => Date
}

export const isSame = (one: ContainerKey, other: ContainerKey): boolean =>
  one.id === other.id && one.generation === other.generation

export async function create({ settings }: VerbContext, spec: InstanceSpec): Promise<ProcessState> {
  const { stateDir } = settings
  const states = await readStates(stateDir)
  const found = states.find((state) => isSame(state, spec))
  if (found) return found
  if (states.some(({ id, handle }) => handle === spec.handle && id !== spec.id))
    throw new AppError('conflict', `Another instance is called ${spec.handle}.`)
  const state = initialState(spec)
  await createState(stateDir, state)
  return state
}

/** Waits until the port is open, so that a port lost to another program is noticed; exits early otherwise. */
async function settle(port: number, exited: Promise<number>, ms: number): Promise<'up' | 'exited'> {
  let ended = false
  void exited.then(() => {
    ended = true
  })
  const deadline = AbortSignal.timeout(ms)
  while (!ended && !deadline.aborted) {
    if (await isListening(port)) return ended ? 'exited' : 'up'
    await delay(PORT_POLL_MS)
  }
  return ended ? 'exited' : 'up'
}

async function launchOn(context: VerbContext, spec: InstanceSpec, state: ProcessState, port: number) {
  const { stateDir } = context.settings
  const { aiTokenGeneration } = spec
  const fresh = { pid: null, startTime: null, launching: true, exitCode: null }
  const launching = { ...state, ...fresh, port, aiTokenGeneration }
  await writeState(stateDir, launching)
  const child = await launch(context.settings, spec, port).catch(async (error: unknown) => {
    await writeState(stateDir, { ...launching, launching: false })
    throw error
  })
  const found = await look(child.pid)
  const running = {
    ...launching,
    pid: child.pid,
    startTime: found?.startTime ?? null,
    launching: false,
    startedAt: context.now().toISOString(),
  }
  await writeState(stateDir, running)
  adoptChild(context, running, child)
  return child
}

function adoptChild({ children, onExit }: VerbContext, state: ProcessState, { pid, exited }: Launched): void {
  children.set(pid, exited)
  void exited.then(() => {
    killGroup(pid)
    onExit(state)
  })
}

/** Ports remembered by other containers are left to them, whether or not they run. */
async function portFor({ settings }: VerbContext, state: ProcessState, attempt: number): Promise<number> {
  const others = (await readStates(settings.stateDir)).filter((other) => !isSame(other, state))
  const taken = new Set(others.map(({ port }) => port).filter((port) => port !== null))
  return await freePort(attempt === 0 ? state.port : null, taken)
}

export async function start(context: VerbContext, spec: InstanceSpec): Promise<InstanceAddress> {
  const state = await create(context, spec)
  const alive = await aliveOf(state)
  if (alive && state.port !== null) {
    if (alive.state === 'paused') signalGroup(alive.pid, 'SIGCONT')
    return addressAt(state.port)
  }
  await access(spec.home).catch((cause: unknown) => {
    throw new AppError('conflict', 'The home folder of this instance is missing on the host.', { cause })
  })
  for (let attempt = 0; attempt < PORT_ATTEMPTS; attempt++) {
    const port = await portFor(context, state, attempt)
    const child = await launchOn(context, spec, state, port)
    const outcome = await settle(port, child.exited, context.settings.settleMs)
    const lost = outcome === 'exited' && (await isListening(port))
    if (!lost) return addressAt(port)
    context.children.delete(child.pid)
  }
  throw new AppError('conflict', 'Every free port for this instance was taken by another program.')
}

/** `false`: it is not paused. */
export async function resume(state: ProcessState | undefined): Promise<boolean> {
  const alive = state && (await aliveOf(state))
  if (alive?.state !== 'paused') return false
  signalGroup(alive.pid, 'SIGCONT')
  return true
}

/** With what it started itself, as in a container. */
export async function pause(state: ProcessState): Promise<void> {
  const alive = await aliveOf(state)
  if (alive?.state !== 'running') return
  signalGroup(alive.pid, 'SIGSTOP')
  // A signal is taken a moment later, and what still answers would be said to be paused.
  const deadline = AbortSignal.timeout(PAUSE_WITHIN_MS)
  while ((await aliveOf(state))?.state === 'running' && !deadline.aborted) await delay(PAUSE_POLL_MS)
}

/** Notes how a child of ours ended, unless it runs again by now. */
export async function recordExit({ settings, children }: VerbContext, key: ContainerKey): Promise<void> {
  const state = await readState(settings.stateDir, key)
  const exited = state?.pid == null ? undefined : children.get(state.pid)
  if (!state || state.pid === null || exited === undefined || (await aliveOf(state))) return
  const exitCode = await exited
  children.delete(state.pid)
  await writeState(settings.stateDir, { ...state, exitCode }).catch((error: unknown) => {
    // Another api removed the instance meanwhile.
    if (!isMissing(error)) throw error
  })
}

export async function stop(context: VerbContext, state: ProcessState, graceS: number): Promise<void> {
  const alive = await aliveOf(state)
  if (alive) await terminate(alive, graceS * 1000)
  await recordExit(context, state)
}
