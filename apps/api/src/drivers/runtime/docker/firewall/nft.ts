/** The program `nft`, and what else of this machine the table depends on. */
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { isIP } from 'node:net'
import { join } from 'node:path'

export interface Nft {
  /** Whether this process may change the rules of the network that it is in. */
  isUsable(): boolean
  /** Whether the interface is in this process's network: an api in a container has another. */
  hasInterface(name: string): boolean
  /** Throws with nft's own words. */
  apply(rules: string): Promise<void>
  /** As the kernel has it; `null`: there is none. */
  read(table: string): Promise<string | null>
  /** What a map gives for a key, as the kernel says it; `null`: nothing, or there is no such map. */
  element(where: { table: string; map: string; key: string }): Promise<string | null>
  nameServers(): Promise<string[]>
}

const TIMEOUT_MS = 5_000
/** Mostly not in the PATH of a service. */
const PROGRAMS = ['/usr/sbin/nft', '/sbin/nft', '/usr/local/sbin/nft', '/usr/bin/nft']
/** The second: what the engine reads where the first only names systemd's own resolver. */
const RESOLVER_FILES = ['/etc/resolv.conf', '/run/systemd/resolve/resolv.conf']

export function createNft(): Nft {
  const program = PROGRAMS.find((file) => existsSync(file))

  const run = (args: string[], input: string) =>
    new Promise<string>((resolve, reject) => {
      const child = execFile(program ?? 'nft', args, { timeout: TIMEOUT_MS }, (error, stdout, stderr) =>
        error ? reject(new Error(stderr.trim() || error.message)) : resolve(stdout),
      )
      // It may end before it has read everything: its exit says what went wrong.
      child.stdin?.on('error', () => undefined)
      child.stdin?.end(input)
    })

  /** `null`: what was asked for is not there. */
  async function look(args: string[]): Promise<string | null> {
    try {
      return await run(args, '')
    } catch (error) {
      if (error instanceof Error && /No such file or directory/.test(error.message)) return null
      throw error
    }
  }

  return {
    isUsable: () => process.getuid?.() === 0 && program !== undefined,
    hasInterface: (name) => existsSync(join('/sys/class/net', name)),
    apply: async (rules) => void (await run(['-f', '-'], rules)),
    read: (table) => look(['-nn', 'list', 'table', 'inet', table]),
    element: async ({ table, map, key }) => {
      const answer = await look(['get', 'element', 'inet', table, map, `{ ${key} }`])
      return answer === null ? null : (/elements = \{ \S+ : (.*?) \}/.exec(answer)?.[1] ?? null)
    },
    nameServers: readNameServers,
  }
}

/** That instances can ask, of this machine. */
export async function readNameServers(): Promise<string[]> {
  const texts = await Promise.all(RESOLVER_FILES.map((file) => readFile(file, 'utf8').catch(() => '')))
  return nameServersOf(texts.join('\n'))
}

/**
 * Of resolv.conf, sorted, without loopback, which the engine asks itself, from the host; nor does an address with a zone
 * (`fe80::1%eth0`) mean anything to an instance, or to nft.
 */
export function nameServersOf(text: string): string[] {
  const found = [...text.matchAll(/^nameserver\s+(\S+)/gm)].map(([, address = '']) => address)
  return [...new Set(found)].filter((it) => isIP(it) !== 0 && !/^(127\.|::1$)|%/.test(it)).sort()
}
