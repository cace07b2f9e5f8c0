/** What the machine that runs the computers has left. */
import type { AdminOverview } from '@matrixos/shared'
import { bytesText } from '../../../lib/figures.ts'
import { DotMeter } from '../../../ui/dot-meter.tsx'
import { FigureCard } from './figure-card.tsx'

export const ServerCard = ({ host }: { host: AdminOverview['host'] }) => (
  <FigureCard title="Server" className="sm:col-span-2">
    <div className="mt-4 grid gap-6 sm:grid-cols-2 sm:gap-10">
      <Left name="Memory" free={host.memoryAvailableBytes} total={host.memoryTotalBytes} />
      <Left name="Disk" free={host.diskFreeBytes} total={host.diskTotalBytes} />
    </div>
  </FigureCard>
)

function Left({ name, free, total }: { name: string; free: number | null; total: number | null }) {
  if (free === null) return <p className="text-muted text-sm">{name}: unknown on this server.</p>
  const text = total === null ? `${bytesText(free)} free` : `${bytesText(free)} free of ${bytesText(total)}`
  return (
    <div>
      <p className="mb-3 flex flex-wrap items-baseline justify-between gap-x-4">
        <span className="font-medium">{name}</span>
        <span className="text-muted text-sm tabular-nums">{text}</span>
      </p>
      {total !== null && <DotMeter value={1 - free / total} label={`${name} in use`} text={text} />}
    </div>
  )
}
