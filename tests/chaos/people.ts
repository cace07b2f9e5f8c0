/** People whose computers are struck, what they keep there, and how the rows and the engine see them. */
import { execFileSync } from 'node:child_process'
import { existsSync, lstatSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { logIn, putInstanceToSleep, signUp, waitUntilRunning } from '@matrixos/client'
import { HOME_FOLDER } from '@matrixos/shared'
import { createAuthenticator } from '@matrixos/testing/authenticator'
import { openInstance, type PlatformClient } from '@matrixos/testing/platform-client'
import { until } from '@matrixos/testing/until'
import type { World } from './world.ts'

const CONVERGES_MS = 90_000

/** Names with breaks, modes, links of both kinds, times to the nanosecond, and bytes that no compression makes small. */
const FILL = `mkdir -p kept/deep kept/empty; cd kept; printf 'Buy milk' > note; chmod 600 note; printf x > 'deep/two
lines'; ln note hard; ln -s note soft; ln -s /etc/passwd out; chmod 711 empty
touch -d '2001-02-03 04:05:06.789012345' note deep`

const LISTING =
  "find . -printf '%p %y %m %T@ %l %n\\n' | sort; find . -type f -print0 | sort -z | xargs -0 sha256sum"

const shell = (cwd: string, script: string): string =>
  execFileSync('bash', ['-ec', script], { cwd, maxBuffer: 64 * 1024 * 1024 }).toString()

/** Every name, kind, mode, time and byte in a folder. */
export const listingOf = (folder: string): string => shell(folder, LISTING)

/** What an archive of a home holds. */
export function listingOfArchive(archive: Uint8Array): string {
  const folder = mkdtempSync(join(tmpdir(), 'mos-archive-'))
  try {
    writeFileSync(join(folder, 'archive'), archive)
    shell(folder, 'tar --zstd -xf archive')
    return listingOf(join(folder, HOME_FOLDER, 'kept'))
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** Where nothing goes on any more, and what is wanted then. */
const WANTED = { running: 'awake', stopped: 'asleep', paused: 'paused', archived: 'archived' } as const
type Rest = keyof typeof WANTED

export interface Row {
  id: string
  desired: string
  observed: string
  step: string | null
  doneSteps: string[]
  error: unknown
}

export interface Person {
  handle: string
  client: PlatformClient
  url: string
  /** The folder of the instance. */
  folder: string
  kept: string
  container: string
  /** What must be kept: as it was when it was last filled, or as `expect` was told. */
  listing: () => string
  expect: (listing: string) => void
  hasKept: () => boolean
  signUp: () => Promise<unknown>
  /** Proves again who is there. */
  logIn: () => Promise<unknown>
  fill: (bytes: number, files?: number) => void
  open: () => Promise<unknown>
  sleep: () => Promise<void>
  row: () => Promise<Row | null>
  /** Awake and serving, or asleep, and nothing going on any more. */
  becomes: (observed: Rest) => Promise<void>
}

export function createPerson({ stack, sql }: World, handle: string): Person {
  const client = stack.client()
  const authenticator = createAuthenticator()
  const folder = join(stack.dataDir, 'instances', handle)
  const home = join(folder, HOME_FOLDER)
  const kept = join(home, 'kept')
  const url = stack.hosts.instanceOrigin(handle)
  let listing = ''
  const row = async (): Promise<Row | null> => {
    const [found] = await sql<Row[]>`
      select id, desired, observed, step, done_steps as "doneSteps", error from instances where handle = ${handle}`
    return found ?? null
  }
  const becomes = async (observed: Rest) => {
    let last: Row | null = null
    await until(
      `${handle} is ${observed}`,
      async () => {
        last = await row().catch(() => null)
        return last?.observed === observed && last.desired === WANTED[observed]
      },
      CONVERGES_MS,
    ).catch((error: Error) => {
      throw new Error(`${error.message} Last seen: ${JSON.stringify(last)}`)
    })
  }
  return {
    ...{ handle, client, url, folder, kept, row, becomes },
    container: `${stack.name}-${handle}`,
    listing: () => listing,
    expect: (other) => {
      listing = other
    },
    hasKept: () => existsSync(kept) && listingOf(kept) === listing,
    signUp: () => signUp({ client, authenticator, handle }),
    logIn: () => logIn({ client, authenticator }),
    fill(bytes, files = 0) {
      shell(
        home,
        `rm -rf kept; ${FILL}; head -c ${bytes} /dev/urandom > big; mkdir many; cd many; seq ${files} | xargs -r touch`,
      )
      const { uid, gid } = lstatSync(home)
      shell(home, `chown -hR ${uid}:${gid} kept`)
      listing = listingOf(kept)
    },
    open: () => openInstance(client, url, CONVERGES_MS),
    async sleep() {
      await putInstanceToSleep(client)
      await becomes('stopped')
    },
  }
}

/** Signed up, opened once, and with something to lose. */
export async function createOwner(world: World, handle: string, bytes = 200_000): Promise<Person> {
  const person = createPerson(world, handle)
  await person.signUp()
  await waitUntilRunning(person.client, CONVERGES_MS)
  await person.open()
  person.fill(bytes)
  return person
}
