/** Containers as the port shows them. */
import { type InstanceId, idSchema } from '@matrixos/shared'
import type { ContainerKey, InstanceAddress, RuntimeInstance, RuntimeStatus } from '../../../ports/runtime.ts'
import type { ContainerInfo, ContainerInspectInfo } from './client.ts'
import { ADDRESS_LABEL, AI_TOKEN_LABEL, GENERATION_LABEL, HANDLE_LABEL, INSTANCE_LABEL } from './labels.ts'
import { traitsOf } from './traits.ts'

type Labels = Readonly<Record<string, string>>

const STATUSES: Record<string, RuntimeStatus> = {
  created: 'created',
  running: 'running',
  restarting: 'running',
  paused: 'paused',
}

export const isActive = (status: string): boolean =>
  status === 'running' || status === 'paused' || status === 'restarting'

/** `removing` and `dead` containers are as good as gone, and nothing but a removal can be asked of them. */
export const isLeftover = (status: string): boolean => status === 'removing' || status === 'dead'

function instanceIdOf(labels: Labels): InstanceId | null {
  const parsed = idSchema('ins').safeParse(labels[INSTANCE_LABEL])
  return parsed.success ? parsed.data : null
}

export function keyOf(labels: Labels): ContainerKey | null {
  const id = instanceIdOf(labels)
  const generation = Number(labels[GENERATION_LABEL] ?? '1')
  return id !== null && Number.isInteger(generation) && generation > 0 ? { id, generation } : null
}

export function addressFrom(labels: Labels): InstanceAddress {
  const { gatewayPort, shellPort, shellIsAssumed, trust, readsRoles, readsApps } = traitsOf(labels)
  const host = labels[ADDRESS_LABEL] ?? ''
  const address = { host, gatewayPort, shellPort, trust, readsRoles, readsApps }
  return shellIsAssumed ? { ...address, shellIsAssumed } : address
}

function base(key: ContainerKey, labels: Labels, state: string) {
  return {
    ...key,
    handle: labels[HANDLE_LABEL] ?? '',
    status: STATUSES[state] ?? 'stopped',
    isolation: 'container' as const,
    aiTokenGeneration: Number(labels[AI_TOKEN_LABEL]) || null,
    address: isActive(state) ? addressFrom(labels) : null,
  }
}

/** A row of the engine's list; the exit code is only in its text, as in `Exited (137) 2 minutes ago`. */
export function viewOfRow(row: ContainerInfo): RuntimeInstance | null {
  const key = keyOf(row.Labels)
  if (key === null) return null
  const code = /^Exited \((\d+)\)/.exec(row.Status)?.[1]
  return {
    ...base(key, row.Labels, row.State),
    startedAt: null,
    exitCode: code === undefined ? null : Number(code),
    oomKilled: false,
  }
}

export function viewOf(info: ContainerInspectInfo): RuntimeInstance | null {
  const key = keyOf(info.Config.Labels)
  if (key === null) return null
  const { Status, StartedAt, ExitCode, OOMKilled } = info.State
  const started = new Date(StartedAt)
  return {
    ...base(key, info.Config.Labels, Status),
    // The engine's "never" is the year 1.
    startedAt: started.getTime() > 0 ? started : null,
    exitCode: isActive(Status) || Status === 'created' ? null : ExitCode,
    oomKilled: OOMKilled,
  }
}
