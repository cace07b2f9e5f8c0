/** The first thing a visitor sees: what this is, and a name to claim. */
import { Claim } from './claim.tsx'
import { SIGN_UP } from './words.ts'

export const Hero = () => (
  <section className="mx-auto max-w-6xl animate-rise px-5 pt-10 pb-14 sm:px-8 sm:pt-16 lg:pb-20">
    <h1 className="max-w-4xl font-semibold text-[2.6rem] leading-[1.06] tracking-[-0.035em] sm:text-6xl lg:text-7xl">
      <span className="block text-accent">Matrix OS:</span> Your AI-Powered Operating System
    </h1>
    <p className="mt-6 max-w-2xl text-lg text-muted leading-8">
      A computer of your own on the web, and an AI that lives in it. Ask for an app and it is on your desk;
      play it with friends; publish it with one click. It sleeps when you leave, and wakes as you left it.
    </p>
    <Claim />
    <p data-sign-up className="mt-4 min-h-5 text-muted text-sm">
      {SIGN_UP.open}
    </p>
  </section>
)
