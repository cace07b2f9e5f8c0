/** `/settings/security`: ways to sign in, recovery codes and sessions. */
import { PageTitle } from '../../ui/page-title.tsx'
import { FactorsSection } from './factors-section.tsx'
import { RecoverySection } from './recovery-section.tsx'
import { SessionsSection } from './sessions-section.tsx'

export const SecurityPage = () => (
  <div className="animate-rise">
    <header>
      <PageTitle className="font-semibold text-2xl">Security</PageTitle>
      <p className="mt-2 max-w-prose text-muted">How you sign in, and where you are signed in now.</p>
    </header>
    <div className="mt-8 space-y-6">
      <FactorsSection />
      <RecoverySection />
      <SessionsSection />
    </div>
  </div>
)
