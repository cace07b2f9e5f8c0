/** `/device`: grants a device or program without a browser what it asks for. */
import { PageTitle } from '../../ui/page-title.tsx'

export const DevicePage = () => <PageTitle className="font-semibold text-2xl">Connect a device</PageTitle>
