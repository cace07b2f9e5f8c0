/** Homes as archives, there and back, and what hostile ones come to. */
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdtempSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { makeRef } from '../testing/contract.ts'
import { createLocalHomes } from './index.ts'

let instancesDir = ''
beforeEach(() => {
  instancesDir = mkdtempSync(join(tmpdir(), 'mosr-'))
})
afterEach(() => void execFileSync('rm', ['-rf', instancesDir]))

const shell = (cwd: string, script: string) => execFileSync('bash', ['-ec', script], { cwd }).toString()
const never = () => new AbortController().signal
const keep = (text: string) => text
/** Of an upload. */
const ID = 'c'.repeat(32)

async function boot() {
  const homes = createLocalHomes({ instancesDir })
  const ref = makeRef()
  await homes.make(ref)
  return { homes, ref, home: homes.pathOf(ref), transfer: homes.transfer }
}

/** Names, kinds, modes, times to the nanosecond, link targets, link counts and contents of all that is in a folder. */
const listing = (folder: string): string => {
  const facts = shell(folder, "find . -printf '%p %y %m %T@ %l %n\\n' | sort")
  const contents = shell(folder, 'find . -type f -print0 | sort -z | xargs -0r sha256sum')
  return createHash('sha256').update(facts).update(contents).digest('hex') + facts
}

const FILL = `
  mkdir -p notes 'with space/deep' empty; chmod 711 empty
  printf 'Buy milk' > notes/pad.md; chmod 600 notes/pad.md
  printf x > 'with space/deep/a
newline'; printf y > './-rf'; printf z > 'Ünïcode 🌱'
  head -c 3000000 /dev/urandom > big.bin; ln big.bin hard.bin; ln -s notes/pad.md soft; ln -s /etc/passwd out
  truncate -s 50M sparse; mkfifo pipe; printf s > run.sh; chmod 755 run.sh
  touch -d '2001-02-03 04:05:06.789012345' notes/pad.md; touch -h -d '1999-01-01' soft; touch -d '2010-10-10' notes`

it('brings a home back as it was: contents, modes, times and links', async () => {
  const { ref, home, transfer } = await boot()
  shell(home, FILL)
  // As in production: the home is another user's, who may not read the folder that it is in.
  if (process.getuid?.() === 0) shell(home, 'chown -hR 10001:10001 .')
  const before = listing(home)
  const archive = await buffer(await transfer.pack(ref, '{"a":1}', never()))
  expect(archive.length).toBeLessThan(10_000_000)
  expect(readdirSync(join(home, '..')).sort()).toEqual(['instance-id', 'matrixos'])

  const other = await boot()
  expect(await other.transfer.hasNext(other.ref)).toBe(false)
  expect(await other.transfer.stage(other.ref, Readable.from([archive]), keep, ID)).toBe('{"a":1}')
  expect(readdirSync(other.home)).toEqual([])
  expect(await other.transfer.hasNext(other.ref)).toBe(true)
  await other.transfer.adopt(other.ref, new Date(1000))
  expect(listing(other.home)).toBe(before)
  await other.transfer.dropUpload(other.ref, ID)
  expect(readdirSync(join(other.home, '..')).sort()).toEqual(['instance-id', 'matrixos'])
})

it('packs nothing for whoever has left before it began', async () => {
  const { ref, home, transfer } = await boot()
  shell(home, 'head -c 3000000 /dev/urandom > big.bin')
  const packed = (async () => await transfer.pack(ref, '{}', AbortSignal.abort()))()
  await expect(packed.then((archive) => buffer(archive))).rejects.toThrow()
  expect(readdirSync(join(home, '..')).sort()).toEqual(['instance-id', 'matrixos'])
})

it('keeps the home before, gives it back, and deletes it in time', async () => {
  const { ref, home, transfer } = await boot()
  writeFileSync(join(home, 'who'), 'imported')
  const archive = await buffer(await transfer.pack(ref, '{}', never()))
  writeFileSync(join(home, 'who'), 'before')
  await transfer.stage(ref, Readable.from([archive]), keep, ID)
  await transfer.adopt(ref, new Date(5000))
  await transfer.adopt(ref, new Date(6000))
  expect(readFileSync(join(home, 'who'), 'utf8')).toBe('imported')
  expect(await transfer.earlierSince(ref)).toEqual(new Date(5000))

  expect(await transfer.takeBack(ref)).toBe(true)
  await transfer.adopt(ref, new Date(7000))
  expect(readFileSync(join(home, 'who'), 'utf8')).toBe('before')
  expect(await transfer.earlierSince(ref)).toEqual(new Date(7000))
  await transfer.dropEarlier(ref, new Date(7000))
  expect(await transfer.earlierSince(ref)).toEqual(new Date(7000))
  await transfer.dropEarlier(ref, new Date(7001))
  expect(await transfer.earlierSince(ref)).toBeNull()
  expect(await transfer.takeBack(ref)).toBe(false)
})

it('goes on where a move was interrupted, and loses nothing', async () => {
  const { homes, ref, home, transfer } = await boot()
  writeFileSync(join(home, 'who'), 'imported')
  const archive = await buffer(await transfer.pack(ref, '{}', never()))
  writeFileSync(join(home, 'who'), 'before')
  await transfer.stage(ref, Readable.from([archive]), keep, ID)
  shell(join(home, '..'), 'mv matrixos earlier-5000')
  // A start that comes in between makes an empty home.
  await homes.make(ref)
  await transfer.adopt(ref, new Date(6000))
  expect(readFileSync(join(home, 'who'), 'utf8')).toBe('imported')
  expect(await transfer.earlierSince(ref)).toEqual(new Date(5000))
})

it.each([
  [
    'before its manifest was kept',
    'mv staged-* gone; mkdir staging-x; mv next staging-x/matrixos',
    null,
    'before',
  ],
  ['before it was moved', 'mkdir staging-x; mv next staging-x/matrixos', '{}', 'imported'],
  ['after it was moved', 'true', '{}', 'imported'],
  ['after a visitor started it', 'mv matrixos earlier-5000; mv next matrixos', '{}', 'imported'],
])('goes on with an unpacked archive after a kill %s', async (_when, kill, manifest, who) => {
  const { ref, home, transfer } = await boot()
  const folder = join(home, '..')
  writeFileSync(join(home, 'who'), 'imported')
  const archive = await buffer(await transfer.pack(ref, '{}', never()))
  writeFileSync(join(home, 'who'), 'before')
  await transfer.beginUpload(ref, ID)
  await transfer.stage(ref, Readable.from([archive]), keep, ID)
  shell(folder, kill)
  expect(await transfer.staged(ref, ID)).toBe(manifest)
  expect(await transfer.staged(ref, ID)).toBe(manifest)
  await transfer.adopt(ref, new Date(5000))
  expect(readFileSync(join(home, 'who'), 'utf8')).toBe(who)
  // The home before is kept, whatever was done twice.
  if (who === 'imported') expect(readFileSync(join(folder, 'earlier-5000', 'who'), 'utf8')).toBe('before')
  await transfer.dropUpload(ref, ID)
  expect(await transfer.staged(ref, ID)).toBeNull()
})

/** Made by hand, as nobody's export is. */
function hostile(script: string): Readable {
  const folder = mkdtempSync(join(instancesDir, '.made-'))
  shell(folder, `mkdir matrixos; printf '{}' > manifest.json; ${script}`)
  return Readable.from([readFileSync(join(folder, 'made.tar'))])
}

it.each([
  [
    'climbs out by ..',
    "printf evil > ../escaped; tar -P --transform 's,^,../../,' -cf made.tar manifest.json matrixos",
  ],
  ['names absolute paths', 'tar -P -cf made.tar manifest.json matrixos "$PWD/manifest.json"'],
  [
    'writes through a link that it brings',
    `mkdir -p a/matrixos b/matrixos/in; ln -s "$PWD/target" a/matrixos/in; mkdir target; printf evil > b/matrixos/in/file
     tar -cf made.tar manifest.json; tar -rf made.tar -C a matrixos
     tar -rf made.tar -C b matrixos/in/file`,
  ],
  [
    'links hard to what is outside',
    `mkdir -p a/matrixos; ln -s / a/matrixos/root; printf x > a/matrixos/one; ln a/matrixos/one a/matrixos/two
     tar -cf made.tar manifest.json; tar -rf made.tar -C a matrixos`,
  ],
])('lets no archive touch anything outside of the home: %s', async (_what, script) => {
  const { ref, home, transfer } = await boot()
  writeFileSync(join(home, 'mine'), 'kept')
  const made = hostile(script)
  const outside = () =>
    shell(
      instancesDir,
      "find . \\( -path './*/next' -o -name 'staged-*' \\) -prune -o -printf '%p %y %s\\n' | sort",
    )
  const before = outside()
  await transfer.stage(ref, made, keep, ID).catch(() => undefined)
  expect(outside()).toBe(before)
})

it.each([
  ['is no archive', () => Readable.from([Buffer.from('hello '.repeat(500))])],
  ['is empty', () => Readable.from([])],
  ['has no home', () => hostile('tar -cf made.tar manifest.json')],
  ['has no manifest', () => hostile('tar -cf made.tar matrixos')],
  [
    'has a link for a home',
    () => hostile('rmdir matrixos; ln -s / matrixos; tar -cf made.tar manifest.json matrixos'),
  ],
  [
    'has a link for a manifest',
    () =>
      hostile('rm manifest.json; ln -s /etc/passwd manifest.json; tar -cf made.tar manifest.json matrixos'),
  ],
  [
    'has a pipe for a manifest',
    () => hostile('rm manifest.json; mkfifo manifest.json; tar -cf made.tar manifest.json matrixos'),
  ],
  [
    'breaks off',
    () =>
      hostile(
        'head -c 500000 /dev/urandom > matrixos/big; tar -cf whole.tar manifest.json matrixos; head -c 100000 whole.tar > made.tar',
      ),
  ],
])('takes nothing of a file that %s', async (_what, made) => {
  const { ref, home, transfer } = await boot()
  writeFileSync(join(home, 'mine'), 'kept')
  await expect(transfer.stage(ref, made(), keep, ID)).rejects.toThrow()
  expect(await transfer.hasNext(ref)).toBe(false)
  expect(readdirSync(join(home, '..')).sort()).toEqual(['instance-id', 'matrixos'])
})

/** Of one member, as the format has it: all that tar reads before it looks for the rest. */
function header(type: string, size: number): Buffer {
  const block = Buffer.alloc(512)
  block.write('matrixos/name')
  block.write('0000755\x000000000\x000000000\0', 100)
  block.write(`${size.toString(8).padStart(11, '0')}\x0000000000000\0        ${type}`, 124)
  block.write('ustar\x0000', 257)
  const sum = block.reduce((all, byte) => all + byte, 0)
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
  return block
}

it.runIf(process.platform === 'linux').each(['x', 'g', 'L', 'K'])(
  'gives an archive no memory for a name of a gigabyte (%s)',
  async (type) => {
    const { ref, transfer } = await boot()
    const made = Readable.from([header(type, 2 ** 30), Buffer.alloc(65_536, 'a')])
    await expect(transfer.stage(ref, made, keep, ID)).rejects.toThrow('memory exhausted')
  },
)

it.runIf(process.platform === 'linux')(
  'keeps what programs note about files beside their contents',
  async () => {
    const { ref, transfer } = await boot()
    const noted = 'SCHILY.xattr.user.note'
    const made = hostile(`touch matrixos/plain
    tar --format=pax --pax-option='${noted}:=kept' -cf made.tar manifest.json matrixos`)
    await transfer.stage(ref, made, keep, ID)
    await transfer.adopt(ref, new Date(5000))
    const archive = await buffer(await transfer.pack(ref, '{}', never()))
    expect(archive.includes(`${noted}=kept`)).toBe(true)
  },
)

it('leaves nothing of an archive whose manifest is refused', async () => {
  const { ref, home, transfer } = await boot()
  const archive = await buffer(await transfer.pack(ref, '{}', never()))
  const refuse = () => {
    throw new Error('too new')
  }
  await expect(transfer.stage(ref, Readable.from([archive]), refuse, ID)).rejects.toThrow('too new')
  expect(readdirSync(join(home, '..')).sort()).toEqual(['instance-id', 'matrixos'])
})

it('packs links as links, and follows none out of the home', async () => {
  const { ref, home, transfer } = await boot()
  const secret = join(instancesDir, 'secret')
  writeFileSync(secret, 'not for the archive')
  symlinkSync(secret, join(home, 'link'))
  symlinkSync(instancesDir, join(home, 'folder'))
  const archive = await buffer(await transfer.pack(ref, '{}', never()))
  expect(archive.includes('not for the archive')).toBe(false)
})

it('adds to an upload only where it ends, and forgets the one before', async () => {
  const { ref, transfer } = await boot()
  const [id, next] = ['a'.repeat(32), 'b'.repeat(32)]
  expect(await transfer.uploaded(ref, id)).toBeNull()
  await transfer.beginUpload(ref, id)
  expect(await transfer.append(ref, id, 0, Buffer.from('one '))).toBe(4)
  expect(await transfer.append(ref, id, 0, Buffer.from('again'))).toBe(4)
  expect(await transfer.append(ref, id, 9, Buffer.from('ahead'))).toBe(4)
  expect(await transfer.append(ref, id, 4, Buffer.from('two'))).toBe(7)
  expect((await buffer(transfer.readUpload(ref, id))).toString()).toBe('one two')
  await transfer.beginUpload(ref, next)
  expect(await transfer.append(ref, id, 7, Buffer.from('late'))).toBeNull()
  await transfer.dropUpload(ref, next)
  expect(await transfer.uploaded(ref, next)).toBeNull()
  await expect((async () => transfer.uploaded(ref, '../x'))()).rejects.toThrow(TypeError)
  expect(existsSync(join(instancesDir, 'x'))).toBe(false)
})

it('deletes uploads that nobody went on with, and what kills left, and nothing else', async () => {
  const { ref, home, transfer } = await boot()
  const folder = join(home, '..')
  shell(
    folder,
    'mkdir staging-x next earlier-5 .manifest-x open-x; echo x > staging-x/file; touch .manifest-x/manifest.json',
  )
  await transfer.beginUpload(ref, 'a'.repeat(32))
  const all = readdirSync(folder).sort()
  const [past, future] = [-60_000, 60_000].map((ms) => new Date(Date.now() + ms)) as [Date, Date]
  await transfer.dropLeftovers(ref, past, past)
  expect(readdirSync(folder).sort()).toEqual(all)
  await transfer.dropLeftovers(ref, past, future)
  expect(readdirSync(folder).sort()).toEqual(all.filter((name) => name !== 'open-x'))
  await transfer.dropLeftovers(ref, future, future)
  expect(readdirSync(folder).sort()).toEqual(['earlier-5', 'instance-id', 'matrixos', 'next'])
})
