/** `/admin`: how the platform is doing. */
import { PageTitle } from '../../ui/page-title.tsx'

export const OverviewPage = () => <PageTitle className="font-semibold text-2xl">Overview</PageTitle>
