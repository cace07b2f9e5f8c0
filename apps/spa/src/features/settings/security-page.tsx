/** `/settings/security`: ways to sign in, recovery codes and sessions. */
import { PageTitle } from '../../ui/page-title.tsx'
import { SignedIn } from '../auth/signed-in.tsx'
import { FactorsSection } from './factors-section.tsx'
import { RecoverySection } from './recovery-section.tsx'

export const SecurityPage = () => (
  <>
    <PageTitle className="font-semibold text-2xl">Security</PageTitle>
    <FactorsSection />
    <SignedIn>{(user) => <RecoverySection handle={user.handle} />}</SignedIn>
  </>
)
