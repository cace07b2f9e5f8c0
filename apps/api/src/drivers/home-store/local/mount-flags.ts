/** Whether the kernel itself disarms what lies in a folder: setuid files and device nodes on its mount do nothing. */
import { readFile, realpath } from 'node:fs/promises'

/** Lines as in proc(5), `/proc/PID/mountinfo`: field 5 is the mount point, field 6 its options. */
export function isDisarmed(mountinfo: string, path: string): boolean {
  let longest = ''
  let options: string[] = []
  for (const line of mountinfo.split('\n')) {
    const [, , , , escaped = '', given = ''] = line.split(' ')
    const point = escaped.replace(/\\(\d{3})/g, (_, code) => String.fromCharCode(Number.parseInt(code, 8)))
    const holds = point === '/' || path === point || path.startsWith(`${point}/`)
    // Of two mounts on one point the later one covers the other.
    if (point === '' || !holds || point.length < longest.length) continue
    longest = point
    options = given.split(',')
  }
  return options.includes('nosuid') && options.includes('nodev')
}

/** `false` where there is no such list (macOS). */
export async function isOnDisarmedMount(path: string): Promise<boolean> {
  const mountinfo = await readFile('/proc/self/mountinfo', 'utf8').catch(() => '')
  return isDisarmed(mountinfo, await realpath(path))
}
