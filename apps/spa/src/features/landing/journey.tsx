/** How it goes, in three steps, and the last invitation. */
import { ButtonLink } from '../../ui/button.tsx'
import { PLACE } from './place.ts'

const STEPS = [
  { title: 'Choose a name', text: 'It becomes your address on the web.' },
  { title: 'Make a passkey', text: 'Your fingerprint or face is the key, so there’s nothing to remember.' },
  { title: 'Walk in', text: 'Your computer starts in seconds, greets you by name, and asks what to build.' },
] as const

export const Journey = () => (
  <section aria-labelledby="journey" className="mx-auto max-w-6xl px-5 pb-24 sm:px-8 lg:pb-32">
    <div className="grid gap-12 border-line border-t pt-16 lg:grid-cols-[1fr_1.5fr] lg:gap-20">
      <div>
        <h2 id="journey" className="font-semibold text-3xl leading-tight">
          Yours in a minute
        </h2>
        <p className="mt-4 max-w-sm text-muted leading-7">
          It sleeps while you’re away, and nothing is lost: open its address, and everything is where you left
          it.
        </p>
        <ButtonLink href={`${PLACE.appOrigin}/signup`} className="mt-8">
          Get started
        </ButtonLink>
      </div>
      <ol className="divide-y divide-line">
        {STEPS.map(({ title, text }, index) => (
          <li key={title} className="flex gap-6 py-6 first:pt-0 last:pb-0 sm:gap-10">
            <span aria-hidden className="font-mono text-accent text-sm leading-8">
              {index + 1}
            </span>
            <div>
              <h3 className="font-semibold text-xl leading-8">{title}</h3>
              <p className="mt-1 text-muted leading-7">{text}</p>
            </div>
          </li>
        ))}
      </ol>
    </div>
  </section>
)
