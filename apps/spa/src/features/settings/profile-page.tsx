/** `/settings/profile`: the name that others see. */
import { PageTitle } from '../../ui/page-title.tsx'

export const ProfilePage = () => <PageTitle className="font-semibold text-2xl">Profile</PageTitle>
