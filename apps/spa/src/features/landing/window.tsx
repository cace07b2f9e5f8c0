/** A drawing of somebody's computer: its address, a wish, and the app that came of it. */
import { cn } from '../../lib/cn.ts'
import { Dot } from '../../ui/dot.tsx'

/** A watering plan: four weeks of seven days. */
const DAYS = Array.from({ length: 28 }, (_, day) => ({ day, watered: day % 5 === 1 || day % 9 === 4 }))

export const Window = ({ domain }: { domain: string }) => (
  <div
    aria-hidden
    className="relative isolate min-w-0 animate-rise overflow-hidden rounded-[1.4rem] border border-line bg-surface shadow-card [animation-delay:120ms]"
  >
    <div className="flex items-center gap-3 border-line border-b px-5 py-3.5">
      <Dot tone="awake" />
      <span className="min-w-0 flex-1 truncate font-mono text-sm">
        ada<span className="text-muted">.{domain}</span>
      </span>
      <span className="text-muted text-xs">awake</span>
    </div>
    <div className="space-y-5 bg-[radial-gradient(var(--unlit)_1px,transparent_1px)] bg-size-[18px_18px] p-5 sm:p-7">
      <p className="ml-auto w-fit max-w-[85%] rounded-2xl rounded-br-md bg-accent px-4 py-2.5 text-on-accent text-sm leading-6">
        Make me a plant diary that reminds me on Telegram
      </p>
      <p className="w-fit max-w-[85%] rounded-2xl rounded-bl-md border border-line bg-surface px-4 py-2.5 text-sm leading-6">
        Done, Ada. It is on your desktop, and the fern is thirsty today.
      </p>
      <PlantDiary />
    </div>
  </div>
)

const PlantDiary = () => (
  <div className="rounded-2xl border border-line bg-surface p-5 shadow-card">
    <div className="flex items-baseline justify-between gap-3">
      <span className="font-semibold">Plant diary</span>
      <span className="text-muted text-xs">made a minute ago</span>
    </div>
    <div className="mt-4 grid grid-cols-[auto_1fr] items-center gap-x-5">
      <div className="grid grid-cols-7 gap-1.5">
        {DAYS.map(({ day, watered }) => (
          <span
            key={day}
            className={cn('size-3.5 rounded-[5px] sm:size-4', watered ? 'bg-lit' : 'bg-unlit/70')}
          />
        ))}
      </div>
      <dl className="space-y-2.5 text-sm">
        <div className="flex justify-between gap-3">
          <dt>Fern</dt>
          <dd className="font-medium text-accent">today</dd>
        </div>
        <div className="flex justify-between gap-3">
          <dt>Basil</dt>
          <dd className="text-muted">in 2 days</dd>
        </div>
        <div className="flex justify-between gap-3">
          <dt>Cactus</dt>
          <dd className="text-muted">in May</dd>
        </div>
      </dl>
    </div>
  </div>
)
