/** The landing page of `DOMAIN`. It has no cookies and needs no account. */
import type { Site } from '../../lib/hosts.ts'
import { ButtonLink } from '../../ui/button.tsx'
import { Logo } from '../../ui/logo.tsx'
import { Counter } from './counter.tsx'
import { Features } from './features.tsx'
import { Footer } from './footer.tsx'
import { Hero } from './hero.tsx'
import { Journey } from './journey.tsx'

export const LandingPage = ({ site }: { site: Site }) => (
  <>
    <title>Matrix OS: Your AI-Powered Operating System</title>
    <header className="mx-auto flex h-20 max-w-6xl items-center justify-between px-5 sm:px-8">
      <Logo href="/" />
      <nav aria-label="Account">
        <ButtonLink href={`${site.appOrigin}/login`} variant="ghost" size="sm">
          Sign in
        </ButtonLink>
      </nav>
    </header>
    <main id="main">
      <Hero site={site} />
      <Counter apiOrigin={site.apiOrigin} />
      <Features />
      <Journey site={site} />
    </main>
    <Footer />
  </>
)
