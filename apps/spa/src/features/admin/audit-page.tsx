/** `/admin/audit`: who did what to whom, when and from where. */
import { PageTitle } from '../../ui/page-title.tsx'

export const AuditPage = () => <PageTitle className="font-semibold text-2xl">Audit log</PageTitle>
