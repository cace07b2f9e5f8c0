/** Reads: inspect, list, logs. */
import type { ContainerKey, RuntimeInstance, Span } from '../../../ports/runtime.ts'
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

const inSeconds = (ms: number): string => (ms / 1000).toFixed(3)

/** Lines are counted by the engine from the end of all that it has: of an earlier run, it is asked for all. */
function whichLines(info: ContainerInspectInfo, lines: number, run: Span | undefined) {
  if (run) return { since: inSeconds(run.after.getTime()), until: inSeconds(run.until.getTime()) }
  return { tail: lines, since: inSeconds(new Date(info.State.StartedAt).getTime() - START_SLACK_MS) }
}

const lastLines = (text: string, lines: number): string =>
  text.replace(/\n$/, '').split('\n').slice(-lines).join('\n')

export async function readLogs(
  context: DockerContext,
  key: ContainerKey,
  lines: number,
  run?: Span,
): Promise<string> {
  const [row] = await listContainers(context, key)
  const info = row && (await inspectContainer(context, row.Id))
  if (!info) return ''
  const output = await context.engine
    .getContainer(info.Id)
    .logs({ follow: false, stdout: true, stderr: true, ...whichLines(info, lines, run) })
    .catch((error: unknown) => {
      if (statusOf(error) === 404) return null
      throw error
    })
  return Buffer.isBuffer(output) ? lastLines(readFrames(output), lines) : ''
}
