/** `/recover`: signs in with a recovery code. */
import { PageTitle } from '../../ui/page-title.tsx'

export const RecoverPage = () => (
  <PageTitle className="font-semibold text-2xl">Recover your account</PageTitle>
)
