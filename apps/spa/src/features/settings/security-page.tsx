/** `/settings/security`: ways to sign in, recovery codes and sessions. */
import { PageTitle } from '../../ui/page-title.tsx'

export const SecurityPage = () => <PageTitle className="font-semibold text-2xl">Security</PageTitle>
