/** `/enrol`: a one-time link from an administrator. */
import { PageTitle } from '../../ui/page-title.tsx'

export const EnrolPage = () => <PageTitle className="font-semibold text-2xl">Add a way to sign in</PageTitle>
