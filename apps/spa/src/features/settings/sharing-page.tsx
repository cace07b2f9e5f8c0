/** `/settings/sharing`: who else may see this computer, and whose computers this person may see. */
import { PageTitle } from '../../ui/page-title.tsx'

export const SharingPage = () => <PageTitle className="font-semibold text-2xl">Sharing</PageTitle>
