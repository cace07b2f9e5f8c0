/** `/admin/people/$handle`: one person, their computer and what happened. */
import { PageTitle } from '../../ui/page-title.tsx'

export const PersonPage = () => <PageTitle className="font-semibold text-2xl">Person</PageTitle>
