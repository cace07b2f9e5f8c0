/** Upgrades of a run, as an administrator begins them: one at a time, which the cases that it strikes share. */
import { until } from '@matrixos/testing/until'
import { makeNextImages } from '../support/next-images.ts'
import { settleUpgrades } from '../support/settle-upgrades.ts'
import { createOwner, type Person } from './people.ts'
import type { World } from './world.ts'

const OVERSEER = 'overseer'
const ENDS_MS = 60_000
/** For whatever else runs by chance: nobody who is to be caught has to wait. */
const SPARE = 4
const REPOSITORY = 'mos-chaos'

/** `treacherous`: runs with an empty home, and with a copy of one, and on nobody's computer. */
export type NextKind = 'good' | 'treacherous'

export interface RolloutOptions {
  kind: NextKind
  /** Computers that are to be caught; as many may go back before it stops. */
  most: number
  /** A computer that is in use is left alone for so long. */
  patienceS: number
}

export interface Rollout {
  image: string
  /** How far its trial is. */
  trial: () => Promise<string>
  /** How far it is with somebody's computer; `null`: it has not come to it. */
  stepOf: (person: Person) => Promise<string | null>
  /** Why somebody's computer has the image before again, in the platform's words. */
  whyNot: (person: Person) => Promise<string>
  /** As if that computer had run for long enough to keep its image. */
  age: (person: Person) => Promise<void>
}

export interface Rollouts {
  /** Begins one, or joins the one that another case has begun for the same kill. */
  join: (options: RolloutOptions) => Promise<Rollout>
  /** Nothing else begins of it, and the next one to join is another. */
  end: () => Promise<void>
}

const made = new WeakMap<World, Promise<Rollouts>>()

/** The administrator and the images are made when they are first wanted. */
export function rolloutsOf(world: World): Promise<Rollouts> {
  const known = made.get(world) ?? open(world)
  made.set(world, known)
  return known
}

async function open(world: World): Promise<Rollouts> {
  const { sql, engine } = world
  const overseer = await createOwner(world, OVERSEER)
  await overseer.sleep()
  await sql`update users set role = 'admin' where handle = ${OVERSEER}`
  const { upgrades } = overseer.client.trpc.admin
  await until('the role is known', () => upgrades.view.query().then(Boolean, () => false), ENDS_MS)
  const { images } = await makeNextImages(engine.docker, 'chaos')
  let count = 0
  let joined: Promise<Rollout> | null = null

  /** The same program under another name is another image. */
  async function nextImage(kind: NextKind): Promise<string> {
    const tag = `${kind}-${++count}`
    await engine.docker.getImage(images[kind]).tag({ repo: REPOSITORY, tag })
    return `${REPOSITORY}:${tag}`
  }

  /** What an earlier one has not come to is not waited for. */
  async function stopLast(): Promise<void> {
    const last = (await upgrades.view.query()).rollouts[0]
    if (last?.state !== 'running') return
    await overseer.logIn()
    await upgrades.stop.mutate({ id: last.id })
  }

  /** One after another, however many cases of a round are over at once. */
  let ending: Promise<unknown> = Promise.resolve()
  const endLast = async (): Promise<void> => {
    const isEnded = () =>
      stopLast().then(
        () => true,
        () => false,
      )
    // A platform whose database has just come back may still refuse a call.
    ending = ending.catch(() => undefined).then(() => until('the last upgrade is ended', isEnded, ENDS_MS))
    await ending
  }

  async function begin({ kind, most, patienceS }: RolloutOptions): Promise<Rollout> {
    await endLast()
    // An upgrade wants a sign-in that is not long ago.
    await overseer.logIn()
    const image = await nextImage(kind)
    await upgrades.start.mutate({ image, atOnce: most + SPARE, mostFailures: most, patienceS })
    const [{ id } = { id: 0 }] = await sql<{ id: number }[]>`select max(id)::int as id from rollouts`
    return {
      image,
      async trial() {
        const [row] = await sql<{ trial: string }[]>`select trial from rollouts where id = ${id}`
        return row?.trial ?? ''
      },
      async stepOf(person) {
        const [row] = await sql<{ step: string }[]>`
          select ri.step from rollout_instances ri join instances i on i.id = ri.instance_id
          where ri.rollout_id = ${id} and i.handle = ${person.handle}`
        return row?.step ?? null
      },
      async whyNot(person) {
        const [row] = await sql<{ message: string | null }[]>`
          select ri.message from rollout_instances ri join instances i on i.id = ri.instance_id
          where ri.rollout_id = ${id} and i.handle = ${person.handle}`
        return row?.message ?? 'nothing says why'
      },
      age: (person) => settleUpgrades(sql, person.handle),
    }
  }

  return {
    join: (options) => {
      joined ??= begin(options)
      return joined
    },
    async end() {
      joined = null
      await endLast()
    },
  }
}
