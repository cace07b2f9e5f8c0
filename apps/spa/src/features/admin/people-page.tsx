/** `/admin/people`: everybody, found by handle, name or state. */
import { PageTitle } from '../../ui/page-title.tsx'

export const PeoplePage = () => <PageTitle className="font-semibold text-2xl">People</PageTitle>
