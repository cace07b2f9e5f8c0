/** An instance that takes all it can get: it meets its limits, and nobody else notices. */
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { until } from '@matrixos/testing/until'
import { expect, it } from 'vitest'
import { z } from 'zod'
import { engine } from '../support/test-engine.ts'
import { DISK_BYTES, INODES, PIDS, type Setup } from './setup.ts'

const WELL = [200, 200]
const MIB = 1_048_576
const TMP_BYTES = 64 * MIB
const FLOOD_BYTES = 24 * MIB
/** Two files of 1 MB, and what the engine writes before it turns to the next. */
const LOG_BYTES = 3 * MIB

/** Writes to a file until that fails; prints the error and how far it came. */
const FILL = (path: string) => `import { closeSync, openSync, rmSync, writeSync } from 'node:fs'
const chunk = Buffer.alloc(${MIB}, 1); const file = openSync('${path}', 'w'); let bytes = 0; let code
try { while (bytes < 512 * ${MIB}) bytes += writeSync(file, chunk) } catch (error) { code = error.code }
closeSync(file); rmSync('${path}')
console.log(JSON.stringify({ code, bytes }))`

const filled = z.object({ code: z.string().optional(), bytes: z.number() })

/** Of the first kind of statistics that the engine has at once, without a second look at the CPU. */
const stats = z.object({ pids_stats: z.object({ current: z.number().default(0) }) })

const EAT = `const eaten = []; for (;;) eaten.push(Buffer.alloc(${16 * MIB}, 1))`
/** Each of them makes others; those that cannot wait for their turn. */
const FORK_BOMB = 'fork while 1'
const MAKE_FILES = `import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
const folder = '/home/matrixos/home/many'; mkdirSync(folder); let count = 0; let code
try { for (; count < 100000; count++) writeFileSync(folder + '/' + count, '') } catch (error) { code = error.code }
rmSync(folder, { recursive: true })
console.log(JSON.stringify({ code, bytes: count }))`
const FILES = `import { openSync } from 'node:fs'
let count = 0; let code
try { for (; count < 100000; count++) openSync('/dev/null', 'r') } catch (error) { code = error.code }
console.log(JSON.stringify({ code, bytes: count }))`

export function exhaustionCases(get: () => Setup): void {
  for (const path of ['/tmp/fill', '/dev/shm/fill'])
    it(`fills no more than its share at ${path}`, async () => {
      const { attack, neighbourIsWell } = get()
      const { code, bytes } = await attack.told(filled, 'node', FILL(path))
      expect(code).toBe('ENOSPC')
      expect(bytes).toBeLessThanOrEqual(TMP_BYTES)
      expect(await neighbourIsWell()).toEqual(WELL)
    })

  it('fills no more than its disk with its home', async () => {
    const { attack, neighbourIsWell } = get()
    const { code, bytes } = await attack.told(filled, 'node', FILL('/home/matrixos/home/fill'))
    expect(code).toBe('ENOSPC')
    expect(bytes).toBeLessThanOrEqual(DISK_BYTES)
    expect(await neighbourIsWell()).toEqual(WELL)
  })

  it('makes no more files than its home may have', async () => {
    const { attack, neighbourIsWell } = get()
    const { code, bytes } = await attack.told(filled, 'node', MAKE_FILES)
    expect(code).toBe('ENOSPC')
    // The file system rounds up to whole groups of them.
    expect(bytes).toBeLessThan(2 * INODES)
    expect(await neighbourIsWell()).toEqual(WELL)
  })

  it('opens no more files than it may', async () => {
    const { code, bytes } = await get().attack.told(filled, 'node', FILES)
    expect(code).toBe('EMFILE')
    expect(bytes).toBeLessThan(8_192)
  })

  it('floods the log of this machine with no more than its share', async () => {
    const { attack, container, neighbourIsWell } = get()
    await attack.flood(FLOOD_BYTES)
    const { Id } = await container().inspect()
    const { DockerRootDir } = await engine().info()
    const folder = join(DockerRootDir, 'containers', Id, 'local-logs')
    const sizes = (await readdir(folder)).map(async (name) => (await stat(join(folder, name))).size)
    const sum = (await Promise.all(sizes)).reduce((all, size) => all + size, 0)
    expect(sum).toBeGreaterThan(0)
    expect(sum).toBeLessThan(LOG_BYTES)
    expect(await neighbourIsWell()).toEqual(WELL)
  })

  it('takes no more memory than it has, and nobody else’s', async () => {
    const { attack, container, memoryBytes, neighbourIsWell, restore } = get()
    const { HostConfig } = await container().inspect()
    expect([HostConfig.Memory, HostConfig.MemorySwap]).toEqual([memoryBytes, memoryBytes])
    // The kernel ends the greedy program, or with it the whole instance.
    const ended = await attack.run('node', EAT).then(
      ({ signal, code }) => signal ?? code,
      () => 'gone',
    )
    expect([0]).not.toContain(ended)
    expect(await neighbourIsWell()).toEqual(WELL)
    expect((await restore()).status).toBe(200)
  })

  it('makes no more processes than it may, while its neighbour is served', async () => {
    const { attack, attacker, container, neighbourIsWell, restore, stack } = get()
    await attack.leave('perl', FORK_BOMB)
    const processes = async () => {
      const now = await container().stats({ stream: false, 'one-shot': true })
      return stats.parse(now).pids_stats.current
    }
    let most = 0
    await until('it meets its limit', async () => {
      most = Math.max(most, await processes())
      return most >= PIDS || !(await container().inspect()).State.Running
    })
    for (let turn = 0; turn < 5; turn++) expect(await neighbourIsWell()).toEqual(WELL)
    expect(await processes()).toBeLessThanOrEqual(PIDS)
    await stack.crash(attacker.handle).catch(() => undefined)
    expect((await restore()).status).toBe(200)
  })
}
