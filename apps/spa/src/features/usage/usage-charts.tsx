/** What a computer used in the last day: CPU, memory, disk and network, as columns of lights and in words. */
import type { UsageView } from '@matrixos/shared'
import { bytesText } from '../../lib/figures.ts'
import { useNow } from '../../lib/use-now.ts'
import { DotColumns } from '../../ui/dot-columns.tsx'
import { type Series, seriesOf, trafficOf, trafficSum } from './series.ts'

const percent = new Intl.NumberFormat('en', { style: 'percent', maximumFractionDigits: 0 })

const coresText = (cores: number): string => `${cores} ${cores === 1 ? 'core' : 'cores'}`

export function UsageCharts({ usage }: { usage: UsageView }) {
  const now = useNow(60_000)
  const { points, limits } = usage
  const cpu = seriesOf(points, now, (point) => point.cpu, limits.cores)
  const memory = seriesOf(points, now, (point) => point.memoryBytes, limits.memoryBytes)
  const disk = seriesOf(points, now, (point) => point.diskBytes, limits.diskBytes)
  const network = seriesOf(points, now, trafficOf)
  return (
    <>
      <div className="mt-5 grid gap-x-10 gap-y-7 sm:grid-cols-2">
        <Chart
          name="CPU"
          series={cpu}
          figure={cpu.last === null ? '–' : percent.format(cpu.last / limits.cores)}
          note={`of ${coresText(limits.cores)}`}
        />
        <Chart
          name="Memory"
          series={memory}
          figure={memory.last === null ? '–' : bytesText(memory.last)}
          note={`of ${bytesText(limits.memoryBytes)}`}
          isLimited
        />
        <Chart
          name="Disk"
          series={disk}
          figure={disk.last === null ? '–' : bytesText(disk.last)}
          note={`of ${bytesText(limits.diskBytes)}`}
          isLimited
        />
        <Chart name="Network" series={network} figure={bytesText(trafficSum(usage))} note="in 24 hours" />
      </div>
      <p className="mt-5 text-muted text-sm leading-6">
        {points.length === 0
          ? 'Nothing was measured in the last 24 hours. The first figures come two minutes after a start.'
          : 'The last 24 hours, half an hour a column. It was asleep where only one faint light is left.'}
      </p>
    </>
  )
}

interface ChartProps {
  name: string
  series: Series
  figure: string
  note: string
  isLimited?: boolean
}

const Chart = ({ name, series, figure, note, isLimited = false }: ChartProps) => (
  <div className="min-w-0">
    <div className="flex items-baseline justify-between gap-3 text-sm">
      <h3 className="text-muted">{name}</h3>
      <p>
        <span className="font-medium">{figure}</span> <span className="text-muted">{note}</span>
      </p>
    </div>
    <div className="mt-3">
      <DotColumns
        values={series.values}
        isLimited={isLimited}
        label={`${name} in the last 24 hours: ${figure} ${note}`}
      />
    </div>
  </div>
)
