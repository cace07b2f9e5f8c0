/** `/admin/platform`: settings that take effect at once. */
import { PageTitle } from '../../ui/page-title.tsx'

export const PlatformPage = () => <PageTitle className="font-semibold text-2xl">Platform</PageTitle>
