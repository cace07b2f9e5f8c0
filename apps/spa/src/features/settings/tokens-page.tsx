/** `/settings/tokens`: what programs may do in this person’s name. */
import { PageTitle } from '../../ui/page-title.tsx'

export const TokensPage = () => <PageTitle className="font-semibold text-2xl">API tokens</PageTitle>
