import { execFileSync } from 'node:child_process'
import {
  closeSync,
  existsSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { describeReal } from '@matrixos/testing/describe-real'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createLocalHomes } from '../local/index.ts'
import { homeStoreContract, makeRef } from '../testing/contract.ts'
import { createImageForm } from './image-form.ts'
import { unmountBelow } from './mounts.ts'

const MIB = 1_048_576

describeReal(['docker'], 'homes in images', () => {
  homeStoreContract('the home store of images', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'mos-loop-'))
    const form = createImageForm({ storage: { diskBytes: 32 * MIB, inodes: 512 } })
    return {
      open: () => createLocalHomes({ instancesDir: folder, form }),
      [Symbol.asyncDispose]: async () => {
        await unmountBelow(folder)
        rmSync(folder, { recursive: true })
      },
    }
  })

  let instancesDir = ''
  beforeAll(() => {
    instancesDir = mkdtempSync(join(tmpdir(), 'mos-loop-'))
  })
  afterAll(async () => {
    await unmountBelow(instancesDir)
    rmSync(instancesDir, { recursive: true })
  })

  async function boot() {
    const form = createImageForm({ storage: { diskBytes: 32 * MIB, inodes: 512 } })
    const homes = createLocalHomes({ instancesDir, form })
    const ref = makeRef()
    await homes.make(ref)
    const image = join(instancesDir, ref.handle, 'matrixos')
    const devices = () => execFileSync('losetup', ['-n', '-O', 'NAME', '-j', image]).toString().trim()
    return { homes, ref, home: homes.pathOf(ref), image, devices }
  }

  it('stops whoever writes at the limit, in bytes and in files, and lets them go on when it grows', async () => {
    const { homes, ref, home } = await boot()
    const write = () => writeFileSync(join(home, 'large'), Buffer.alloc(40 * MIB, 1))
    expect(write).toThrow('ENOSPC')
    expect(await homes.fill(ref)).toBeGreaterThan(0.95)
    await homes.detach(ref)
    await homes.attach(ref, { diskBytes: 64 * MIB, inodes: 512 })
    write()
    expect(statSync(join(home, 'large')).size).toBe(40 * MIB)
    const fill = () => {
      for (let i = 0; i < 2_000; i++) writeFileSync(join(home, String(i)), '')
    }
    expect(fill).toThrow('ENOSPC')
    expect(await homes.fill(ref)).toBeGreaterThan(0.95)
  })

  it('holds a loop device while it is attached, one however often it is asked, and none after that', async () => {
    const { homes, ref, home, devices } = await boot()
    writeFileSync(join(home, 'note'), 'kept')
    await Promise.all([homes.attach(ref), homes.attach(ref)])
    expect(devices()).toMatch(/^\/dev\/loop\d+$/)
    expect(await homes.attached()).toContainEqual(ref)
    await homes.detach(ref)
    expect(await homes.attached()).not.toContainEqual(ref)
    expect(await homes.fill(ref)).toBeNull()
    await homes.detach(ref)
    await expect.poll(devices).toBe('')
    await homes.attach(ref)
    expect(readFileSync(join(home, 'note'), 'utf8')).toBe('kept')
  })

  it('grows while its device outlives the mount, as it does for as long as somebody reads it', async () => {
    const { homes, ref, home, image, devices } = await boot()
    await homes.detach(ref)
    await expect.poll(devices).toBe('')
    // It was used after it was checked last, as after the second in which it is made.
    execFileSync('tune2fs', ['-T', '20200101', image])
    await homes.attach(ref)
    const reader = openSync(devices(), 'r')
    await homes.detach(ref)
    expect(devices()).not.toBe('')
    await homes.attach(ref, { diskBytes: 64 * MIB, inodes: 512 })
    closeSync(reader)
    writeFileSync(join(home, 'large'), Buffer.alloc(40 * MIB, 1))
    expect(existsSync(`${image}.growing`)).toBe(false)
  })

  it('packs a full home, hard links included, and brings every byte back', async () => {
    const { homes, ref, home } = await boot()
    const script =
      'head -c 1000000 /dev/urandom > a; ln a b; ln -s a c; cat /dev/zero > full 2>/dev/null || true; sha256sum a full'
    const run = (command: string) => execFileSync('sh', ['-ec', command], { cwd: home }).toString()
    const before = run(script)
    const options = { manifest: '{}', signal: new AbortController().signal, confirm: async () => undefined }
    await homes.packed.pack(ref, options)
    await homes.packed.unpack(ref)
    expect(run('sha256sum a full')).toBe(before)
    expect(statSync(join(home, 'b')).ino).toBe(statSync(join(home, 'a')).ino)
  })

  it('shows the home that was imported, and keeps the one before', async () => {
    const { homes, ref, home } = await boot()
    writeFileSync(join(home, 'note'), 'first')
    const { signal } = new AbortController()
    const archive: Uint8Array[] = []
    for await (const piece of await homes.transfer.pack(ref, '{}', signal)) archive.push(piece)
    const id = 'a'.repeat(32)
    await homes.transfer.stage(ref, Readable.from(archive), (text) => text, id)
    writeFileSync(join(home, 'note'), 'second')
    await homes.transfer.adopt(ref, new Date())
    await homes.attach(ref)
    expect(readFileSync(join(home, 'note'), 'utf8')).toBe('first')
    expect(await homes.transfer.takeBack(ref)).toBe(true)
    await homes.transfer.adopt(ref, new Date())
    await homes.attach(ref)
    expect(readFileSync(join(home, 'note'), 'utf8')).toBe('second')
  })
})
