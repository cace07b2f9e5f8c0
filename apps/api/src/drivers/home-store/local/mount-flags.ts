/** Whether the kernel itself disarms what lies in a folder: setuid files and device nodes on its mount do nothing. */
import { readFile, realpath } from 'node:fs/promises'
import { parseMounts } from '../mountinfo.ts'

export function isDisarmed(mountinfo: string, path: string): boolean {
  let longest = ''
  let found: readonly string[] = []
  for (const { point, options } of parseMounts(mountinfo)) {
    const holds = point === '/' || path === point || path.startsWith(`${point}/`)
    // Of two mounts on one point the later one covers the other.
    if (!holds || point.length < longest.length) continue
    longest = point
    found = options
  }
  return found.includes('nosuid') && found.includes('nodev')
}

/** `false` where there is no such list (macOS). */
export async function isOnDisarmedMount(path: string): Promise<boolean> {
  const mountinfo = await readFile('/proc/self/mountinfo', 'utf8').catch(() => '')
  return isDisarmed(mountinfo, await realpath(path))
}
