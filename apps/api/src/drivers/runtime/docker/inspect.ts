/** Reads: inspect, list, logs. */
import type { ContainerKey, RuntimeInstance } from '../../../ports/runtime.ts'
import type { ContainerInspectInfo } from './client.ts'
import { containerName } from './container-config.ts'
import { inspectContainer, isOwn, listContainers } from './containers.ts'
import type { DockerContext } from './context.ts'
import { statusOf } from './engine-error.ts'
import { isLeftover, viewOf, viewOfRow } from './view.ts'

/** With the handle one call by name is enough. Without, or when the name is somebody else's, the labels are searched. */
export async function findContainer(
  context: DockerContext,
  { handle, ...key }: ContainerKey & { handle?: string },
): Promise<ContainerInspectInfo | null> {
  if (handle !== undefined) {
    const named = await inspectContainer(context, containerName(context.settings, { handle, ...key }))
    if (named === null) return null
    if (isOwn(context, named.Config.Labels, key)) return isLeftover(named.State.Status) ? null : named
  }
  for (const row of await listContainers(context, key)) {
    const info = isLeftover(row.State) ? null : await inspectContainer(context, row.Id)
    if (info) return info
  }
  return null
}

export async function inspectInstance(
  context: DockerContext,
  key: ContainerKey & { handle?: string },
): Promise<RuntimeInstance | null> {
  const info = await findContainer(context, key)
  return info && viewOf(info)
}

export async function listInstances(context: DockerContext): Promise<RuntimeInstance[]> {
  const rows = await listContainers(context)
  return rows.filter((row) => !isLeftover(row.State)).flatMap((row) => viewOfRow(row) ?? [])
}

/** Without a terminal, output comes in frames: 1 byte stream, 3 zero bytes, 4 bytes length, then the text. */
export function readFrames(output: Buffer): string {
  const parts: Buffer[] = []
  let at = 0
  while (at + 8 <= output.length) {
    const end = at + 8 + output.readUInt32BE(at + 4)
    parts.push(output.subarray(at + 8, end))
    at = end
  }
  return Buffer.concat(parts).toString()
}

/** A line may carry a time just before the one that the engine notes as the start of its run. */
const START_SLACK_MS = 50

export async function readLogs(context: DockerContext, key: ContainerKey, lines: number): Promise<string> {
  const [row] = await listContainers(context, key)
  const info = row && (await inspectContainer(context, row.Id))
  if (!info) return ''
  const since = ((new Date(info.State.StartedAt).getTime() - START_SLACK_MS) / 1000).toFixed(3)
  const output = await context.engine
    .getContainer(info.Id)
    .logs({ follow: false, stdout: true, stderr: true, tail: lines, since })
    .catch((error: unknown) => {
      if (statusOf(error) === 404) return null
      throw error
    })
  return Buffer.isBuffer(output) ? readFrames(output) : ''
}
