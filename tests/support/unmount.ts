/** What a platform whose homes are images left mounted when it was stopped: its computers go on, and a test's are removed. */
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'

/** Everything mounted below a folder. */
export function unmountBelow(folder: string): void {
  if (!existsSync('/proc/self/mounts')) return
  const points = readFileSync('/proc/self/mounts', 'utf8')
    .split('\n')
    .flatMap((line) => line.split(' ')[1] ?? [])
    .filter((point) => point.startsWith(`${folder}/`))
  for (const point of points.reverse()) execFileSync('umount', [point])
}
