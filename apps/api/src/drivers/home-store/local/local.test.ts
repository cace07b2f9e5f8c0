import { execFileSync, spawnSync } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { HOME_FOLDER } from '@matrixos/shared'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { homeStoreContract, makeRef } from '../testing/contract.ts'
import { createLocalHomes } from './index.ts'

let instancesDir = ''
beforeEach(() => {
  instancesDir = mkdtempSync(join(tmpdir(), 'mosr-'))
})
afterEach(() => void execFileSync('rm', ['-rf', instancesDir]))

const shell = (cwd: string, script: string) => execFileSync('bash', ['-ec', script], { cwd })
const isRoot = process.getuid?.() === 0
/** In a mount namespace of its own, so that this machine sees nothing of it. */
const canMount = spawnSync('unshare', ['-m', 'mount', '-t', 'tmpfs', 'none', tmpdir()]).status === 0

async function boot() {
  const homes = createLocalHomes({ instancesDir })
  const ref = makeRef()
  await homes.make(ref)
  return { homes, ref, id: ref.id, home: homes.pathOf(ref) }
}

describe('attaching a home', () => {
  it('takes a folder that lost its mark for its own, and nobody else’s', async () => {
    const { homes, ref } = await boot()
    rmSync(join(instancesDir, ref.handle, 'instance-id'))
    await homes.attach(ref)
    const other = { ...makeRef(), handle: ref.handle }
    await expect(homes.attach(other)).rejects.toMatchObject({ code: 'conflict' })
    await homes.attach(ref)
  })

  it('says that a home is missing where there is none', async () => {
    const { homes } = await boot()
    await expect(homes.attach(makeRef())).rejects.toThrow('is missing on the host')
  })
})

describe('deleting a home', () => {
  it('copes with folders nested deeper than a path may be long', async () => {
    const { homes, ref, home } = await boot()
    shell(home, 'name=$(printf "%0200d" 0); for i in {1..60}; do mkdir $name; cd -P $name; done; touch end')
    await homes.remove(ref)
    expect(readdirSync(instancesDir)).toEqual([])
  })

  it('never goes through a link', async () => {
    const { homes, ref, home } = await boot()
    const outside = join(instancesDir, 'outside')
    mkdirSync(outside)
    writeFileSync(join(outside, 'kept'), '')
    symlinkSync(outside, join(home, 'link'))
    await homes.remove(ref)
    expect(readdirSync(instancesDir)).toEqual(['outside'])
    expect(existsSync(join(outside, 'kept'))).toBe(true)
  })

  it('leaves the memory of the api flat and yields to all else, however many files there are', async () => {
    const { homes, ref, home } = await boot()
    shell(home, 'for i in {1..20}; do mkdir $i; (cd $i; touch {1..1000}); done')
    const before = process.memoryUsage.rss()
    let most = before
    const sampler = setInterval(() => {
      most = Math.max(most, process.memoryUsage.rss())
    }, 20)
    const removing = homes.remove(ref)
    const children = ['-o', 'ni=,comm=', '--ppid', String(process.pid)]
    if (process.platform === 'linux')
      await expect.poll(() => spawnSync('ps', children).stdout.toString()).toMatch(/^ *1\d rm$/m)
    await removing
    clearInterval(sampler)
    expect(readdirSync(instancesDir)).toEqual([])
    expect(most - before).toBeLessThan(32 * 1024 * 1024)
  }, 180_000)

  it.skipIf(!canMount)('touches nothing of another file system that is mounted in it', async () => {
    const { ref, id, home } = await boot()
    const mounted = join(home, 'mounted')
    mkdirSync(mounted)
    const remove = `
      const { createLocalHomes } = await import(${JSON.stringify(join(import.meta.dirname, 'index.ts'))})
      await createLocalHomes(${JSON.stringify({ instancesDir })}).remove(${JSON.stringify(ref)}).catch((error) => console.log(error.code))`
    const script = `mount -t tmpfs none ${mounted}; touch ${mounted}/kept; chmod 400 ${mounted}/kept
      "$0" --input-type=module -e "$1"; stat -c %a ${instancesDir}/.removing-${id}/${HOME_FOLDER}/mounted/kept`
    const { stdout } = spawnSync('unshare', ['-m', 'sh', '-c', script, process.execPath, remove])
    expect(stdout.toString()).toBe('internal\n400\n')
  })

  it('goes on where an interrupted deletion stopped', async () => {
    const { homes, ref, id, home } = await boot()
    writeFileSync(join(home, 'file'), '')
    const aside = join(instancesDir, `.removing-${id}`)
    mkdirSync(join(aside, 'matrixos'), { recursive: true })
    writeFileSync(join(aside, 'matrixos', 'rest'), '')
    await homes.remove(ref)
    await homes.remove(ref)
    expect(readdirSync(instancesDir)).toEqual([])
  })

  it('removes the folder of a home whose making was killed before it was marked', async () => {
    const { homes, ref, home, id } = await boot()
    const mark = join(instancesDir, ref.handle, 'instance-id')
    rmSync(home, { recursive: true })
    renameSync(mark, `${mark}.draft`)
    writeFileSync(`${mark}.partial`, id.slice(0, 5))
    await homes.remove(ref)
    expect(readdirSync(instancesDir)).toEqual([])
  })

  it.skipIf(isRoot)('opens folders that their owner locked', async () => {
    const { homes, ref, home } = await boot()
    mkdirSync(join(home, 'locked', 'inner'), { recursive: true })
    shell(home, 'chmod 000 locked')
    await homes.remove(ref)
    expect(readdirSync(instancesDir)).toEqual([])
  })

  it('shows no path of the server when it fails, and names it to the operator', async () => {
    const { homes, ref, id } = await boot()
    // Nothing can be moved to where a file is, and nothing below a file can be deleted.
    const blocked = createLocalHomes({ instancesDir: join(instancesDir, 'file') })
    writeFileSync(join(instancesDir, 'file'), '')
    const error = await blocked.remove(ref).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({
      code: 'internal',
      cause: { message: expect.stringContaining(instancesDir) },
    })
    expect((error as Error).message).not.toContain(instancesDir)
    const other = homes.make({ ...ref, id: makeRef().id })
    const refused = await other.catch((thrown: unknown) => thrown)
    expect(refused).toMatchObject({ code: 'conflict', cause: { message: expect.stringContaining(id) } })
    expect((refused as Error).message).not.toContain(instancesDir)
  })
})

describe.skipIf(!isRoot)('giving a home to another user', () => {
  it('changes all of it, of any depth, links themselves and nothing outside', async () => {
    const { homes, ref, home } = await boot()
    shell(home, 'name=$(printf "%0200d" 0); for i in {1..30}; do mkdir $name; cd -P $name; done; touch end')
    const outside = join(instancesDir, 'outside')
    writeFileSync(outside, '')
    symlinkSync(outside, join(home, 'link'))
    await homes.give(ref, { uid: 10_001, gid: 10_001 })
    expect(statSync(outside).uid).toBe(0)
    const others = execFileSync('find', [home, '!', '-uid', '10001']).toString()
    expect(others).toBe('')
  })

  it('begins again when it was interrupted', async () => {
    const { homes, ref, home } = await boot()
    for (const name of ['a', 'b']) writeFileSync(join(home, name), '')
    shell(home, 'chown 10001:10001 a')
    await homes.give(ref, { uid: 10_001, gid: 10_001 })
    expect([home, join(home, 'b')].map((path) => statSync(path).uid)).toEqual([10_001, 10_001])
  })
})

describe('disarming a home', () => {
  it('takes setuid and setgid from its files, wherever they are, and leaves the rest', async () => {
    const { homes, ref, home } = await boot()
    shell(
      home,
      'mkdir deep; touch deep/suid sgid plain; chmod 4755 deep/suid; chmod 2755 sgid; chmod 751 plain',
    )
    const outside = join(instancesDir, 'outside')
    writeFileSync(outside, '')
    shell(instancesDir, `chmod 4755 outside; ln -s '${outside}' '${home}/link'`)
    await homes.disarm(ref)
    const modeOf = (path: string) => (statSync(path).mode & 0o7777).toString(8)
    const paths = ['deep/suid', 'sgid', 'plain', 'link'].map((name) => join(home, name))
    expect(paths.map(modeOf)).toEqual(['755', '755', '751', '4755'])
  })

  it.skipIf(!isRoot)('deletes device nodes', async () => {
    const { homes, ref, home } = await boot()
    shell(home, 'mknod null c 1 3; mknod disk b 7 250; touch kept')
    await homes.disarm(ref)
    expect(readdirSync(home)).toEqual(['kept'])
  })

  it('has nothing to do where there is no home', async () => {
    await expect(createLocalHomes({ instancesDir }).disarm(makeRef())).resolves.toBeUndefined()
    rmSync(instancesDir, { recursive: true })
  })
})

describe('making a home', () => {
  it('takes over a folder that was restored by hand, and its files', async () => {
    const homes = createLocalHomes({ instancesDir })
    const ref = makeRef()
    mkdirSync(homes.pathOf(ref), { recursive: true })
    writeFileSync(join(homes.pathOf(ref), 'restored'), '')
    await homes.make(ref)
    expect(readdirSync(homes.pathOf(ref))).toEqual(['restored'])
    await expect(homes.make({ ...ref, id: makeRef().id })).rejects.toMatchObject({ code: 'conflict' })
  })

  it('never leaves its folder for what is not a handle', async () => {
    const homes = createLocalHomes({ instancesDir })
    for (const handle of ['../etc', '.', '', 'a/b', '.removing-x', 'Ada', 'ada\n']) {
      const ref = { ...makeRef(), handle }
      expect(() => homes.pathOf(ref)).toThrow('Not a handle')
      for (const verb of ['make', 'disarm', 'measure', 'remove'] as const)
        await expect(homes[verb](ref)).rejects.toThrow('Not a handle')
    }
  })

  it('removes the home of a handle that nobody could choose any more', async () => {
    const homes = createLocalHomes({ instancesDir })
    const ref = { ...makeRef(), handle: 'ada--lovelace' }
    await homes.make(ref)
    expect(readdirSync(instancesDir)).toEqual(['ada--lovelace'])
    await homes.remove(ref)
    expect(readdirSync(instancesDir)).toEqual([])
  })
})

it('measures nothing where the making was interrupted', async () => {
  const { homes, ref, home } = await boot()
  rmSync(home, { recursive: true })
  expect(await homes.measure(ref)).toBeNull()
})

it('measures what files take on the disk, and not what they say', async () => {
  const { homes, ref, home } = await boot()
  const before = (await homes.measure(ref)) ?? 0
  shell(home, 'truncate -s 1G sparse; mkdir deep; head -c 3000000 /dev/urandom > deep/file')
  const grown = ((await homes.measure(ref)) ?? 0) - before
  expect(grown).toBeGreaterThanOrEqual(3_000_000)
  expect(grown).toBeLessThan(4_000_000)
})

homeStoreContract('the local home store', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'mosr-'))
  return {
    open: () => createLocalHomes({ instancesDir: folder }),
    [Symbol.asyncDispose]: async () => rmSync(folder, { recursive: true }),
  }
})
