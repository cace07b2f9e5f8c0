/** The landing page of `DOMAIN`. It has no cookies, needs no account, and is drawn when the pages are built. */
import { ButtonLink } from '../../ui/button.tsx'
import { Logo } from '../../ui/logo.tsx'
import { Counter } from './counter.tsx'
import { Features } from './features.tsx'
import { Film } from './film.tsx'
import { Footer } from './footer.tsx'
import { Hero } from './hero.tsx'
import { Journey } from './journey.tsx'
import { PLACE } from './place.ts'

export const LandingPage = () => (
  <div data-landing data-api={PLACE.apiOrigin}>
    <header className="mx-auto flex h-20 max-w-6xl items-center justify-between px-5 sm:px-8">
      <Logo href="/" />
      <nav aria-label="Account">
        <ButtonLink href={`${PLACE.appOrigin}/login`} variant="ghost" size="sm">
          Sign in
        </ButtonLink>
      </nav>
    </header>
    <main id="main">
      <Hero />
      <Film />
      <Counter />
      <Features />
      <Journey />
    </main>
    <Footer />
  </div>
)
