/** `/admin/invites`: codes that let people sign up. */
import { PageTitle } from '../../ui/page-title.tsx'

export const InvitesPage = () => <PageTitle className="font-semibold text-2xl">Invites</PageTitle>
