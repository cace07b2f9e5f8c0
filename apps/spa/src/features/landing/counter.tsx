/** The live counter: a field of lights, one for each computer, lit while it is awake. */
import { Lights } from './light-field.tsx'
import { COUNTING } from './words.ts'

export const Counter = () => (
  <section aria-labelledby="live" className="border-line border-y bg-sunken">
    <div className="mx-auto grid max-w-6xl gap-8 px-5 py-14 sm:px-8 md:grid-cols-[auto_1fr] md:items-center md:gap-16">
      <div className="min-w-52">
        <h2 id="live" className="text-muted text-sm tracking-normal">
          Running right now
        </h2>
        <p
          data-running
          className="mt-1 font-semibold text-6xl tabular-nums tracking-[-0.04em] data-unknown:text-muted/60"
          data-unknown
        >
          –
        </p>
        <p data-caption className="mt-2 text-muted text-sm">
          {COUNTING}
        </p>
      </div>
      <Lights />
    </div>
  </section>
)
