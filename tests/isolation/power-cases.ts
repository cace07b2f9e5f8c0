/** What a program in an instance may do: nothing that takes an administrator. */
import { expect, it } from 'vitest'
import { z } from 'zod'
import {
  DEVICES,
  GVISOR_REFUSALS,
  KERNEL,
  MOUNTS,
  NAMESPACES,
  SOCKET_IN_NAMESPACE,
  tryCalls,
} from './kernel-calls.ts'
import type { Setup } from './setup.ts'

const list = z.array(z.string())

/** Prints which of these files could be opened for writing. */
const WRITABLE = (paths: string[]) => `import { closeSync, constants, openSync } from 'node:fs'
const isOpen = (path) => { try { closeSync(openSync(path, constants.O_WRONLY)); return true } catch { return false } }
console.log(JSON.stringify(${JSON.stringify(paths)}.filter(isOpen)))`

const SWITCHES = [
  '/proc/sys/kernel/core_pattern',
  '/proc/sys/kernel/hostname',
  '/proc/sys/net/ipv4/ip_forward',
  '/proc/sys/vm/overcommit_memory',
  '/proc/sysrq-trigger',
]
const MACHINE = ['/sys/kernel/mm/transparent_hugepage/enabled', '/sys/power/state']
const LIMITS = [
  '/sys/fs/cgroup/memory/memory.limit_in_bytes',
  '/sys/fs/cgroup/pids/pids.max',
  '/sys/fs/cgroup/memory.max',
  '/sys/fs/cgroup/pids.max',
  '/sys/fs/cgroup/memory/release_agent',
]
const USUAL_DEVICES = ['console', 'core', 'fd', 'full', 'mqueue', 'null', 'ptmx', 'pts', 'random']
const USUAL = [...USUAL_DEVICES, 'shm', 'stderr', 'stdin', 'stdout', 'tty', 'urandom', 'zero']

/** That its own kernel plays. */
const OF_GVISOR = ['char', 'fuse', 'net']

const SOCKET = (family: number, protocol: number) =>
  `print socket(my $s, ${family}, 3, ${protocol}) ? 'true' : 'false'`
const [IPV4, PACKET] = [2, 17]
const [ICMP, TCP] = [1, 6]

export function powerCases(get: () => Setup): void {
  const open = (calls: Parameters<typeof tryCalls>[0]) => {
    const refusals = get().runtime === 'runsc' ? GVISOR_REFUSALS : []
    return get().attack.told(list, 'perl', tryCalls(calls, refusals))
  }

  it('has no capability, and gains none', async () => {
    const { output } = await get().attack.run('perl', `open(F, '/proc/self/status'); print while <F>`)
    const field = (name: string) => new RegExp(`^${name}:\\s+(\\S+)`, 'm').exec(output)?.[1]
    for (const set of ['CapInh', 'CapPrm', 'CapEff', 'CapBnd', 'CapAmb']) expect(field(set)).toMatch(/^0+$/)
    expect(field('Uid')).toBe('10001')
  })

  it('gets no root from a program with the setuid bit', async () => {
    const { output } = await get().attack.run('setuid', `print "$< $>"`)
    expect(output).toBe('10001 10001')
  })

  it('becomes no other user', async () => {
    const { output } = await get().attack.run('perl', `$> = 0; $< = 0; print "$< $>"`)
    expect(output).toBe('10001 10001')
  })

  it('opens no raw socket', async () => {
    for (const protocol of [ICMP, TCP])
      expect(await get().attack.told(z.boolean(), 'perl', SOCKET(IPV4, protocol))).toBe(false)
  })

  it('opens no packet socket', async () => {
    expect(await get().attack.told(z.boolean(), 'perl', SOCKET(PACKET, 0))).toBe(false)
  })

  it('mounts nothing', async () => expect(await open(MOUNTS)).toEqual([]))
  it('gets nothing from a namespace of its own', async () => {
    const { attack, runtime } = get()
    // gVisor's are its own kernel's: they may be made, and give no power over the network that the container has.
    if (runtime === 'runc') expect(await open(NAMESPACES)).toEqual([])
    expect(await attack.told(z.boolean(), 'perl', SOCKET_IN_NAMESPACE)).toBe(false)
  })
  it('makes no device', async () => expect(await open(DEVICES)).toEqual([]))
  it('makes no call to the kernel that takes an administrator', async () =>
    expect(await open(KERNEL)).toEqual([]))

  it('finds no device of the machine', async () => {
    const script = `import { readdirSync } from 'node:fs'; console.log(JSON.stringify(readdirSync('/dev')))`
    const found = await get().attack.told(list, 'node', script)
    const usual = get().runtime === 'runsc' ? [...USUAL, ...OF_GVISOR] : USUAL
    expect(found.filter((name) => !usual.includes(name))).toEqual([])
  })

  it('writes nothing but its home, /tmp and shared memory', async () => {
    const script = `import { readdirSync, rmSync, writeFileSync } from 'node:fs'
      const folders = ['/', ...readdirSync('/').map((name) => '/' + name), '/usr/bin', '/opt/instance', '/dev/shm', '/home/matrixos', '/home/matrixos/home']
      const isOpen = (folder) => { try { writeFileSync(folder + '/written', 'x'); rmSync(folder + '/written'); return true } catch { return false } }
      console.log(JSON.stringify(folders.filter(isOpen)))`
    const found = await get().attack.told(list, 'node', script)
    expect(found.sort()).toEqual(['/dev/shm', '/home/matrixos/home', '/tmp'])
  })

  it("turns none of the kernel's switches in /proc", async () =>
    expect(await get().attack.told(list, 'node', WRITABLE(SWITCHES))).toEqual([]))
  it('changes nothing of the machine in /sys', async () =>
    expect(await get().attack.told(list, 'node', WRITABLE(MACHINE))).toEqual([]))
  it('raises none of its own limits', async () =>
    expect(await get().attack.told(list, 'node', WRITABLE(LIMITS))).toEqual([]))
}
