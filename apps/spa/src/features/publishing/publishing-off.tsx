/** Says that the platform lets nobody publish, and who can change that. */
import type { UserView } from '@matrixos/shared'
import { Link } from '@tanstack/react-router'
import { Notice } from '../../ui/notice.tsx'

export const PublishingOff = ({ user }: { user: Pick<UserView, 'role'> }) => (
  <Notice tone="warn" className="mt-8" title="Publishing is switched off here">
    {user.role === 'admin' ? (
      <>
        Nobody can publish, and published apps let no visitor in. As an administrator, you can{' '}
        <Link to="/admin/platform" className="font-medium underline underline-offset-4">
          switch it on
        </Link>
        .
      </>
    ) : (
      'Nobody can publish, and published apps let no visitor in, until an administrator of this platform switches it on.'
    )}
  </Notice>
)
