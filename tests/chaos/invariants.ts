/** What holds whatever was killed: the rows, the engine and the disk tell the same. */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { until } from '@matrixos/testing/until'
import { toolsAt } from './frozen.ts'
import type { Person } from './people.ts'
import type { World } from './world.ts'

const AGREES_MS = 60_000
const INSTANCE_LABEL = 'os.matrix.instance'

export function expectKept(person: Person): void {
  if (person.listing() !== '' && !person.hasKept()) throw new Error(`${person.handle} has lost something.`)
}

interface Seen {
  id: string
  handle: string
  observed: string
  slots: number
}

const STATES: Record<string, readonly string[]> = {
  running: ['running'],
  stopped: ['exited', 'created'],
  paused: ['paused'],
  /** It has none. */
  archived: [],
}

/** What does not agree yet, or at all. */
async function disagreements({ stack, engine, sql }: World): Promise<string[]> {
  const rows = await sql<Seen[]>`
    select i.id, i.handle, i.observed,
      (select count(*)::int from container_slots s where s.instance_id = i.id) as slots

    from instances i`
  const all = await engine.docker.listContainers({ all: true })
  const containers = all.filter(({ Names }) => Names.some((name) => name.startsWith(`/${stack.name}-`)))
  const problems: string[] = []
  for (const { id, handle, observed, slots } of rows) {
    const own = containers.filter(({ Labels }) => Labels[INSTANCE_LABEL] === id)
    const expected = observed === 'archived' ? 0 : 1
    if (own.length !== expected) problems.push(`${handle} has ${own.length} containers`)
    if (slots !== expected) problems.push(`${handle} has ${slots} slots`)
    const states = STATES[observed]
    if (!states) problems.push(`${handle} is ${observed}`)
    else if (!own.every(({ State }) => states.includes(State)))
      problems.push(`${handle} is ${observed}, its container ${own.map(({ State }) => State).join()}`)
  }
  const known = new Set(rows.map(({ id }) => id))
  for (const { Names, Labels } of containers)
    if (!known.has(Labels[INSTANCE_LABEL] ?? '')) problems.push(`${Names.join()} is nobody's`)
  const homes = new Set(rows.map(({ handle }) => handle))
  for (const name of readdirSync(join(stack.dataDir, 'instances')))
    if (!homes.has(name)) problems.push(`instances/${name} is nobody's`)
  for (const program of ['tar', 'rm'])
    if (toolsAt(program, join(stack.dataDir, 'instances')).length > 0)
      problems.push(`a ${program} still runs`)
  return problems
}

/** Throws what does not hold after a while. */
export async function expectInvariants(world: World): Promise<void> {
  let problems: string[] = []
  await until(
    'rows, engine and disk agree',
    async () => {
      problems = await disagreements(world).catch((error: unknown) => [String(error)])
      return problems.length === 0
    },
    AGREES_MS,
  ).catch((error: Error) => {
    throw new Error(`${error.message} ${problems.join('; ')}`)
  })
}
