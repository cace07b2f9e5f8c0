/** Finds the process that a state file refers to, if it is still running. */
import type { InstanceAddress, RuntimeInstance } from '../../../ports/runtime.ts'
import { look, pidsWithArgument } from './identity.ts'
import { markOf } from './launch.ts'
import { LOOPBACK } from './port.ts'
import { type ProcessState, readStates, writeState } from './state.ts'

export interface Alive {
  pid: number
  startTime: string
  state: 'running' | 'paused'
}

/** `null`: never started, ended, or the pid is another process's by now. */
export async function aliveOf({ pid, startTime }: ProcessState): Promise<Alive | null> {
  const found = pid === null ? null : await look(pid)
  if (pid === null || found === null || found.startTime !== startTime) return null
  return { pid, startTime: found.startTime, state: found.state }
}

/** An api killed between a start and its note left a child that no file knows: it is found by its argument. */
export async function recoverLaunches(stateDir: string): Promise<void> {
  for (const state of await readStates(stateDir)) {
    if (!state.launching) continue
    const [pid] = await pidsWithArgument(markOf(state))
    const found = pid === undefined ? null : await look(pid)
    const known = found && pid !== undefined ? { pid, startTime: found.startTime } : {}
    await writeState(stateDir, { ...state, ...known, launching: false })
  }
}

/** Every process of this machine reaches the port, so the token has to come with each request. */
export const addressAt = (port: number): InstanceAddress => ({
  host: LOOPBACK,
  gatewayPort: port,
  shellPort: null,
  trust: 'bearer',
  readsRoles: true,
  readsApps: true,
})

export function viewOf(state: ProcessState, alive: Alive | null): RuntimeInstance {
  const stopped = state.startedAt === null ? 'created' : 'stopped'
  return {
    id: state.id,
    generation: state.generation,
    handle: state.handle,
    status: alive?.state ?? stopped,
    isolation: 'none',
    aiTokenGeneration: state.aiTokenGeneration,
    address: alive && state.port !== null ? addressAt(state.port) : null,
    startedAt: state.startedAt === null ? null : new Date(state.startedAt),
    exitCode: alive ? null : state.exitCode,
    oomKilled: false,
  }
}
