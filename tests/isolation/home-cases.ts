/** Links that an instance plants in its home: nobody who works on homes follows them. */
import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { ROOT } from '@matrixos/host/root'
import { HOME_FOLDER } from '@matrixos/shared'
import { expect, it } from 'vitest'
import { z } from 'zod'
import type { Setup } from './setup.ts'

const run = promisify(execFile)
const SECRET = 'only the neighbour knows'

export function homeCases(get: () => Setup): void {
  /** Where its image is mounted while it is awake. */
  const homeOf = (handle: string) => join(get().stack.dataDir, 'instances', handle, 'disk', HOME_FOLDER)

  it('reads nothing by a link out of its home', async () => {
    const { attack, neighbour, stack } = get()
    const secret = join(homeOf(neighbour.handle), 'secret')
    await writeFile(secret, SECRET)
    const targets = [secret, join(stack.dataDir, 'platform-secret'), '/etc/shadow', '/proc/1/root/etc/shadow']
    const read = await attack.told(
      z.array(z.string()),
      'node',
      `import { readFileSync, symlinkSync } from 'node:fs'
       const targets = ${JSON.stringify(targets)}
       targets.forEach((target, at) => symlinkSync(target, 'link-' + at))
       const isRead = (_target, at) => { try { readFileSync('link-' + at); return true } catch { return false } }
       console.log(JSON.stringify(targets.filter(isRead)))`,
    )
    expect(read).toEqual([])
  })

  it('takes nothing along by a link when its home is exported', async () => {
    const { attacker, stack } = get()
    const folder = await mkdtemp(join(tmpdir(), 'mos-isolation-'))
    try {
      const file = join(folder, 'home.tar.zst')
      const env = { PATH: process.env.PATH, DATA_DIR: stack.dataDir, RUN_DIR: stack.runDir }
      const command = [join(ROOT, 'scripts/admin.ts'), 'export', attacker.handle, file]
      await run(process.execPath, command, { env })
      const { stdout } = await run('tar', ['--zstd', '-tvf', file])
      expect(stdout).toMatch(/link-0 -> \S+\/secret/)
      await run('tar', ['--zstd', '-xf', file, '-C', folder])
      const found = await run('grep', ['-r', '-l', SECRET, folder]).catch(() => ({ stdout: '' }))
      expect(found.stdout).toBe('')
    } finally {
      await rm(folder, { recursive: true })
    }
  })

  it('has nothing of this machine mounted but its home', async () => {
    const { attack, stack } = get()
    const { output } = await attack.run('perl', `open(F, '/proc/self/mountinfo'); print while <F>`)
    expect(output).toContain('/home/matrixos/home')
    const foreign = output.split('\n').filter((line) => line.includes(stack.dataDir))
    expect(foreign.every((line) => / \/(home\/matrixos\/home|etc\/resolv\.conf) /.test(line))).toBe(true)
    const { Mounts } = await get().container().inspect()
    // Behind gVisor also the names of this machine's name servers, read-only.
    const writable = Mounts.filter(({ Destination, RW }) => RW && Destination !== '/tmp')
    expect(writable.map(({ Destination }) => Destination)).toEqual(['/home/matrixos/home'])
  })
}
