/** What an owner is told where a computer comes to its limits. */
import type { DiskLevel } from '@matrixos/shared'
import { timeAgo } from '../../lib/time.ts'
import { useNow } from '../../lib/use-now.ts'
import { Notice } from '../../ui/notice.tsx'

export const DiskNotice = ({ level }: { level: DiskLevel }) =>
  level === 'full' ? (
    <Notice tone="warn" className="mt-5" title="Your disk is full">
      Programs may fail when they save, and nothing can be imported. Delete what you no longer need, in Files
      or in the terminal, or ask an administrator for a plan with a larger disk.
    </Notice>
  ) : (
    <Notice tone="warn" className="mt-5" title="Your disk is almost full">
      More than 80% of it is used. Make room before programs fail when they save: large folders such as
      node_modules and old downloads are a good start.
    </Notice>
  )

export function Throttled({ at }: { at: string }) {
  const now = useNow(60_000)
  return (
    <Notice tone="warn" className="mt-5" title={`Your computer was slowed down ${timeAgo(at, now)}`}>
      It had used all of its CPU for a long time without a pause. Close the program that does so; the computer
      is back at full speed after a while of calm, or when an administrator says so. Nothing was stopped.
    </Notice>
  )
}
