/** What is mounted where, as the kernel tells this process. */
import { readFile } from 'node:fs/promises'

export interface Mount {
  point: string
  options: readonly string[]
  /** Device, or whatever the file system calls its source. */
  source: string
}

/** Lines as in proc(5), `/proc/PID/mountinfo`; of two mounts on one point the later one covers the other. */
export function parseMounts(mountinfo: string): Mount[] {
  return mountinfo.split('\n').flatMap((line) => {
    const [about = '', more = ''] = line.split(' - ')
    const [, , , , point, options = ''] = about.split(' ')
    if (!point) return []
    return [
      { point: unescaped(point), options: options.split(','), source: unescaped(more.split(' ')[1] ?? '') },
    ]
  })
}

/** Empty where there is no such list (macOS). */
export const readMounts = async (): Promise<Mount[]> =>
  parseMounts(await readFile('/proc/self/mountinfo', 'utf8').catch(() => ''))

const unescaped = (text: string): string =>
  text.replace(/\\(\d{3})/g, (_, code) => String.fromCharCode(Number.parseInt(code, 8)))
