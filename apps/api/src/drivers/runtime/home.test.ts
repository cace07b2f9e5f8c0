import { execFileSync, spawnSync } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { HOME_FOLDER } from '@matrixos/shared'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { disarmHome, ensureHome, homeFolder, removeHome } from './home.ts'
import { makeSpec } from './testing/harness.ts'

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
  const { id, handle } = makeSpec('')
  const home = await ensureHome({ instancesDir, handle, id })
  return { id, handle, home, options: { instancesDir, handle, id } }
}

describe('deleting a home', () => {
  it('copes with folders nested deeper than a path may be long', async () => {
    const { home, options } = await boot()
    shell(home, 'name=$(printf "%0200d" 0); for i in {1..60}; do mkdir $name; cd -P $name; done; touch end')
    await removeHome(options)
    expect(readdirSync(instancesDir)).toEqual([])
  })

  it('never goes through a link', async () => {
    const { home, options } = await boot()
    const outside = join(instancesDir, 'outside')
    mkdirSync(outside)
    writeFileSync(join(outside, 'kept'), '')
    symlinkSync(outside, join(home, 'link'))
    await removeHome(options)
    expect(readdirSync(instancesDir)).toEqual(['outside'])
    expect(existsSync(join(outside, 'kept'))).toBe(true)
  })

  it('leaves the memory of the api flat and yields to all else, however many files there are', async () => {
    const { home, options } = await boot()
    shell(home, 'for i in {1..20}; do mkdir $i; (cd $i; touch {1..1000}); done')
    const before = process.memoryUsage.rss()
    let most = before
    const sampler = setInterval(() => {
      most = Math.max(most, process.memoryUsage.rss())
    }, 20)
    const removing = removeHome(options)
    const children = ['-o', 'ni=,comm=', '--ppid', String(process.pid)]
    if (process.platform === 'linux')
      await expect.poll(() => spawnSync('ps', children).stdout.toString()).toMatch(/^ *1\d rm$/m)
    await removing
    clearInterval(sampler)
    expect(readdirSync(instancesDir)).toEqual([])
    expect(most - before).toBeLessThan(32 * 1024 * 1024)
  }, 180_000)

  it.skipIf(!canMount)('touches nothing of another file system that is mounted in it', async () => {
    const { id, home, options } = await boot()
    const mounted = join(home, 'mounted')
    mkdirSync(mounted)
    const remove = `
      const { removeHome } = await import(${JSON.stringify(join(import.meta.dirname, 'home.ts'))})
      await removeHome(${JSON.stringify(options)}).catch((error) => console.log(error.code))`
    const script = `mount -t tmpfs none ${mounted}; touch ${mounted}/kept; chmod 400 ${mounted}/kept
      "$0" --input-type=module -e "$1"; stat -c %a ${instancesDir}/.removing-${id}/${HOME_FOLDER}/mounted/kept`
    const { stdout } = spawnSync('unshare', ['-m', 'sh', '-c', script, process.execPath, remove])
    expect(stdout.toString()).toBe('internal\n400\n')
  })

  it('goes on where an interrupted deletion stopped', async () => {
    const { home, id, options } = await boot()
    writeFileSync(join(home, 'file'), '')
    const aside = join(instancesDir, `.removing-${id}`)
    mkdirSync(join(aside, 'matrixos'), { recursive: true })
    writeFileSync(join(aside, 'matrixos', 'rest'), '')
    await removeHome(options)
    await removeHome(options)
    expect(readdirSync(instancesDir)).toEqual([])
  })

  it.skipIf(isRoot)('opens folders that their owner locked', async () => {
    const { home, options } = await boot()
    mkdirSync(join(home, 'locked', 'inner'), { recursive: true })
    shell(home, 'chmod 000 locked')
    await removeHome(options)
    expect(readdirSync(instancesDir)).toEqual([])
  })

  it('shows no path of the server when it fails, and names it to the operator', async () => {
    const { options, id } = await boot()
    // Nothing can be moved to where a file is, and nothing below a file can be deleted.
    const blocked = { ...options, instancesDir: join(instancesDir, 'file') }
    writeFileSync(blocked.instancesDir, '')
    const error = await removeHome(blocked).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({
      code: 'internal',
      cause: { message: expect.stringContaining(instancesDir) },
    })
    expect((error as Error).message).not.toContain(instancesDir)
    const other = ensureHome({ ...options, id: makeSpec('').id })
    const refused = await other.catch((thrown: unknown) => thrown)
    expect(refused).toMatchObject({ code: 'conflict', cause: { message: expect.stringContaining(id) } })
    expect((refused as Error).message).not.toContain(instancesDir)
  })
})

describe.skipIf(!isRoot)('giving a home to another user', () => {
  it('changes all of it, of any depth, links themselves and nothing outside', async () => {
    const { home, id, handle } = await boot()
    shell(home, 'name=$(printf "%0200d" 0); for i in {1..30}; do mkdir $name; cd -P $name; done; touch end')
    const outside = join(instancesDir, 'outside')
    writeFileSync(outside, '')
    symlinkSync(outside, join(home, 'link'))
    await ensureHome({ instancesDir, handle, id }, { uid: 10_001, gid: 10_001 })
    expect(statSync(outside).uid).toBe(0)
    const others = execFileSync('find', [home, '!', '-uid', '10001']).toString()
    expect(others).toBe('')
  })

  it('begins again when it was interrupted', async () => {
    const { home, id, handle } = await boot()
    for (const name of ['a', 'b']) writeFileSync(join(home, name), '')
    shell(home, 'chown 10001:10001 a')
    await ensureHome({ instancesDir, handle, id }, { uid: 10_001, gid: 10_001 })
    expect([home, join(home, 'b')].map((path) => statSync(path).uid)).toEqual([10_001, 10_001])
  })
})

describe('disarming a home', () => {
  it('takes setuid and setgid from its files, wherever they are, and leaves the rest', async () => {
    const { home, handle } = await boot()
    shell(
      home,
      'mkdir deep; touch deep/suid sgid plain; chmod 4755 deep/suid; chmod 2755 sgid; chmod 751 plain',
    )
    const outside = join(instancesDir, 'outside')
    writeFileSync(outside, '')
    shell(instancesDir, `chmod 4755 outside; ln -s '${outside}' '${home}/link'`)
    await disarmHome(instancesDir, handle)
    const modeOf = (path: string) => (statSync(path).mode & 0o7777).toString(8)
    const paths = ['deep/suid', 'sgid', 'plain', 'link'].map((name) => join(home, name))
    expect(paths.map(modeOf)).toEqual(['755', '755', '751', '4755'])
  })

  it.skipIf(!isRoot)('deletes device nodes', async () => {
    const { home, handle } = await boot()
    shell(home, 'mknod null c 1 3; mknod disk b 7 250; touch kept')
    await disarmHome(instancesDir, handle)
    expect(readdirSync(home)).toEqual(['kept'])
  })

  it('has nothing to do where there is no home', async () => {
    await expect(disarmHome(instancesDir, makeSpec('').handle)).resolves.toBeUndefined()
    expect(homeFolder(instancesDir, 'x-y')).toContain('x-y')
    rmSync(instancesDir, { recursive: true })
  })
})
