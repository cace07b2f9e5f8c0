/** Homes that are packed away: byte by byte there and back, with planted things in them, and after a kill at each step. */
import { execFileSync } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { existsSync, mkdtempSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { zstdDecompressSync } from 'node:zlib'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { makeRef } from '../testing/contract.ts'
import { createLocalHomes } from './index.ts'

let instancesDir = ''
beforeEach(() => {
  instancesDir = mkdtempSync(join(tmpdir(), 'mosp-'))
})
afterEach(() => void execFileSync('rm', ['-rf', instancesDir]))

const shell = (cwd: string, script: string) => execFileSync('bash', ['-ec', script], { cwd }).toString()

async function boot() {
  const homes = createLocalHomes({ instancesDir })
  const ref = makeRef()
  await homes.make(ref)
  const home = homes.pathOf(ref)
  return { homes, ref, home, folder: join(home, '..'), packed: homes.packed }
}

const options = (confirm: () => Promise<void> = async () => undefined) => ({
  ...{ manifest: '{"a":1}', signal: new AbortController().signal, confirm },
})

/** Names, kinds, owners, modes, times to the nanosecond, link targets, link counts and contents. */
const listing = (folder: string): string => {
  const facts = shell(folder, "find . -printf '%p %y %u %m %T@ %l %n\\n' | sort")
  const contents = shell(folder, 'find . -type f -print0 | sort -z | xargs -0r sha256sum')
  return createHash('sha256').update(facts).update(contents).digest('hex') + facts
}

const FILL = `
  mkdir -p notes 'with space/deep' empty locked; chmod 711 empty
  printf 'Buy milk' > notes/pad.md; chmod 600 notes/pad.md
  printf x > 'with space/deep/a
newline'; printf y > './-rf'; printf z > 'Ünïcode 🌱'
  head -c 3000000 /dev/urandom > big.bin; ln big.bin hard.bin; ln -s notes/pad.md soft; ln -s /etc/passwd out
  truncate -s 50M sparse; mkfifo pipe; printf s > run.sh; chmod 755 run.sh
  printf secret > locked/unreadable; chmod 000 locked/unreadable; chmod 500 locked
  touch -d '2001-02-03 04:05:06.789012345' notes/pad.md; touch -h -d '1999-01-01' soft; touch -d '2010-10-10' notes`

it('brings a home back as it was, with files that not even its owner may read', async () => {
  const { ref, home, folder, packed } = await boot()
  shell(home, FILL)
  if (process.getuid?.() === 0) shell(home, 'chown -hR 10001:10001 .')
  else shell(home, 'chmod 600 locked/unreadable')
  const before = listing(home)
  await packed.pack(ref, options())
  expect(readdirSync(folder).sort()).toEqual(['archive.tar.zst', 'instance-id'])
  expect(statSync(join(folder, 'archive.tar.zst')).mode & 0o777).toBe(0o600)
  await packed.unpack(ref)
  expect(listing(home)).toBe(before)
  expect(readdirSync(folder).sort()).toEqual(['instance-id', 'matrixos'])
})

it.runIf(process.getuid?.() === 0)(
  'brings back files that have another name in a folder which their owner may not enter',
  async () => {
    const { ref, home, packed } = await boot()
    shell(home, 'mkdir a b; printf x > a/one; ln a/one b/two; chmod 000 a b; chown -hR 10001:10001 .')
    const before = listing(home)
    await packed.pack(ref, options())
    await packed.unpack(ref)
    expect(listing(home)).toBe(before)
  },
)

it('takes no home away whose paths are so long that no archive could bring them back', async () => {
  const { ref, home, folder, packed } = await boot()
  const nest = (times: number) =>
    `name=$(printf "%0200d" 0); for i in {1..${times}}; do mkdir $name; cd -P $name; done; touch end`
  shell(home, nest(18))
  await packed.pack(ref, options())
  await packed.unpack(ref)
  expect(shell(home, 'find . -name end | wc -l').trim()).toBe('1')
  shell(home, `mkdir more; cd more; ${nest(21)}`)
  await expect(packed.pack(ref, options())).rejects.toMatchObject({ code: 'conflict' })
  expect(shell(home, 'find . -name end | wc -l').trim()).toBe('2')
  expect(readdirSync(folder).sort()).toEqual(['instance-id', 'matrixos'])
})

it('packs planted links as links, and is not held up by a pipe', async () => {
  const { ref, home, folder, packed } = await boot()
  const secret = randomBytes(32).toString('hex')
  shell(instancesDir, `printf ${secret} > secret`)
  shell(home, `ln -s ${instancesDir}/secret link; ln -s ${instancesDir} folder; mkfifo pipe`)
  await packed.pack(ref, options())
  const plain = zstdDecompressSync(readFileSync(join(folder, 'archive.tar.zst')))
  expect(plain.includes(secret)).toBe(false)
  await packed.unpack(ref)
  expect(shell(home, 'readlink link; readlink folder; stat -c %F pipe')).toBe(
    `${instancesDir}/secret\n${instancesDir}\nfifo\n`,
  )
})

it('begins anew after a kill while it packed', async () => {
  const { ref, home, folder, packed } = await boot()
  shell(home, FILL)
  const before = listing(home)
  shell(folder, 'printf half > packing-x; mkdir .manifest-x')
  await packed.pack(ref, options())
  await packed.unpack(ref)
  expect(listing(home)).toBe(before)
  expect(readdirSync(folder).sort()).toEqual(['instance-id', 'matrixos'])
})

it('goes on after a kill between the archive and the end of the home', async () => {
  const { ref, home, folder, packed } = await boot()
  shell(home, 'printf one > who')
  await packed.pack(ref, options())
  shell(folder, 'cp archive.tar.zst kept')
  await packed.unpack(ref)
  // Both are there, and the home is newer.
  shell(folder, 'mv kept archive.tar.zst; printf two > matrixos/who')
  await packed.unpack(ref)
  expect(readFileSync(join(home, 'who'), 'utf8')).toBe('two')
  expect(existsSync(join(folder, 'archive.tar.zst'))).toBe(false)

  await packed.pack(ref, options())
  // A deletion of the old home that was cut off, and an unpacking that was.
  shell(folder, 'mkdir -p packed-x/matrixos unpacking-y/matrixos; printf old > packed-x/matrixos/who')
  await packed.unpack(ref)
  expect(readFileSync(join(home, 'who'), 'utf8')).toBe('two')
  expect(readdirSync(folder).sort()).toEqual(['instance-id', 'matrixos'])
})

it('leaves the home to whoever came while the archive got its name', async () => {
  const { ref, home, folder, packed } = await boot()
  shell(home, 'printf one > who')
  let asked = 0
  const confirm = async () => {
    if (++asked > 1) throw new Error('Somebody came.')
  }
  await expect(packed.pack(ref, options(confirm))).rejects.toThrow()
  expect(readFileSync(join(home, 'who'), 'utf8')).toBe('one')
  await packed.unpack(ref)
  expect(readdirSync(folder).sort()).toEqual(['instance-id', 'matrixos'])
})

it('is not deceived by an empty home in the place of a packed one', async () => {
  const { homes, ref, home, packed } = await boot()
  shell(home, 'printf one > who')
  await packed.pack(ref, options())
  await homes.make(ref)
  await packed.unpack(ref)
  expect(readFileSync(join(home, 'who'), 'utf8')).toBe('one')
})

it('exports what is packed as it is, and takes an import in beside it', async () => {
  const { homes, ref, home, packed } = await boot()
  shell(home, FILL)
  if (process.getuid?.() === 0) shell(home, 'chown -hR 10001:10001 .')
  const before = listing(home)
  await packed.pack(ref, options())
  const exported = await buffer(await homes.transfer.pack(ref, '{}', options().signal))
  expect(
    await homes.transfer.stage(ref, Readable.from([exported]), (manifest) => manifest, 'c'.repeat(32)),
  ).toBe('{"a":1}')
  await packed.unpack(ref)
  await homes.transfer.adopt(ref, new Date(1000))
  expect(listing(home)).toBe(before)
  expect(await homes.transfer.earlierSince(ref)).toEqual(new Date(1000))
})

it('keeps an archive that cannot be read, and makes no half a home of it', async () => {
  const { ref, home, folder, packed } = await boot()
  shell(home, 'head -c 500000 /dev/urandom > big')
  await packed.pack(ref, options())
  shell(folder, 'cp archive.tar.zst whole; truncate -s 200000 archive.tar.zst')
  await expect(packed.unpack(ref)).rejects.toMatchObject({ code: 'internal' })
  expect(existsSync(home)).toBe(false)
  shell(folder, 'mv whole archive.tar.zst')
  await packed.unpack(ref)
  expect(statSync(join(home, 'big')).size).toBe(500_000)
})

it('takes little memory for a home of 10 GB', async () => {
  const { ref, home, packed } = await boot()
  // Holes are cheap for tar. What it writes of random bytes passes through this process.
  shell(home, 'truncate -s 10G sparse; head -c 200000000 /dev/urandom > dense')
  const before = process.memoryUsage().rss
  let most = 0
  const watch = setInterval(() => {
    most = Math.max(most, process.memoryUsage().rss)
  }, 5)
  await packed.pack(ref, options())
  await packed.unpack(ref)
  clearInterval(watch)
  expect(statSync(join(home, 'sparse')).size).toBe(10 * 1_073_741_824)
  expect((most - before) / 1_048_576).toBeLessThan(96)
}, 120_000)
