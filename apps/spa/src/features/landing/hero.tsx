/** The first thing a visitor sees: what this is, and a name to claim. */
import type { SignUpMode } from '@matrixos/shared'
import type { Site } from '../../lib/hosts.ts'
import { Claim } from './claim.tsx'
import { useStats } from './use-stats.ts'
import { Window } from './window.tsx'

/** The line below the name to claim. */
const SIGN_UP: Record<SignUpMode, string> = {
  open: 'No installation, no password. A passkey is all you need.',
  invite: 'Sign-up is by invitation: have your invite code ready.',
  closed: 'Sign-up is closed at the moment. Whoever has a computer here can sign in as usual.',
}

/** Where nobody answers, the sign-up page says what it takes. */
function SignUpLine({ apiOrigin }: { apiOrigin: string }) {
  return <p className="mt-4 text-muted text-sm">{SIGN_UP[useStats(apiOrigin).data?.signUp ?? 'open']}</p>
}

export const Hero = ({ site }: { site: Site }) => (
  <section className="mx-auto grid max-w-6xl gap-14 px-5 pt-10 pb-20 sm:px-8 sm:pt-16 lg:grid-cols-[1.08fr_1fr] lg:items-center lg:gap-12 lg:pb-28">
    <div className="min-w-0 animate-rise">
      <h1 className="font-semibold text-[2.6rem] leading-[1.06] tracking-[-0.035em] sm:text-6xl">
        <span className="block text-accent">Matrix OS:</span> Your AI-Powered Operating System
      </h1>
      <p className="mt-6 max-w-xl text-lg text-muted leading-8">
        A computer of your own on the web. It sleeps when you leave, and wakes with everything where you left
        it. Coming next: the AI that moves in and builds the apps you ask for.
      </p>
      <Claim site={site} />
      <SignUpLine apiOrigin={site.apiOrigin} />
    </div>
    <Window suffix={site.addressSuffix} />
  </section>
)
