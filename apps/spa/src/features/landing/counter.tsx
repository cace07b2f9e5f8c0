/** The live counter: a field of lights, one for each computer, lit while it is awake. */
import { Lights } from './lights.tsx'
import { useStats } from './use-stats.ts'

export function Counter({ apiOrigin }: { apiOrigin: string }) {
  const query = useStats(apiOrigin)
  // A number that no longer arrives is not live, so it is not shown.
  const now = query.isError ? undefined : query.data
  return (
    <section aria-labelledby="live" className="border-line border-y bg-sunken">
      <div className="mx-auto grid max-w-6xl gap-8 px-5 py-14 sm:px-8 md:grid-cols-[auto_1fr] md:items-center md:gap-16">
        <div className="min-w-52">
          <h2 id="live" className="text-muted text-sm tracking-normal">
            Running right now
          </h2>
          <p className="mt-1 font-semibold text-6xl tabular-nums tracking-[-0.04em]">
            {now ? now.running.toLocaleString('en') : <span className="text-muted/60">–</span>}
          </p>
          <p className="mt-2 text-muted text-sm">
            {query.isError ? 'The live count is unavailable right now.' : caption(now)}
          </p>
        </div>
        <Lights running={now?.running ?? 0} instances={now?.instances ?? 0} />
      </div>
    </section>
  )
}

/** The line below the number. */
export function caption(now: { running: number; instances: number } | undefined): string {
  if (!now) return 'Counting…'
  const asleep = Math.max(0, now.instances - now.running)
  if (asleep > 0) return `and ${asleep.toLocaleString('en')} asleep, everything kept`
  return now.running === 0 ? 'The first light here can be yours.' : 'Every computer is awake.'
}
