/** `/admin/platform`: settings that take effect at once. */
import { trpc } from '../../lib/trpc.ts'
import { Skeleton } from '../../ui/skeleton.tsx'
import { PageHead } from './page-head.tsx'
import { SettingCard } from './platform/setting-card.tsx'
import { QueryError } from './query-error.tsx'

export function PlatformPage() {
  const settings = trpc.admin.settings.get.useQuery()
  return (
    <div className="animate-rise">
      <PageHead title="Platform">
        <p>Settings take effect at once, on every server, and changes are in the audit log.</p>
      </PageHead>
      {settings.data ? (
        <>
          <SettingCard name="sign_up" setting={settings.data.sign_up} />
          <SettingCard name="proof_of_work" setting={settings.data.proof_of_work} />
          <SettingCard name="publishing" setting={settings.data.publishing} />
        </>
      ) : settings.error ? (
        <QueryError title="The settings could not be loaded" query={settings} />
      ) : (
        <div className="mt-8 space-y-5">
          <Skeleton className="h-64 rounded-card" />
          <Skeleton className="h-64 rounded-card" />
          <Skeleton className="h-52 rounded-card" />
        </div>
      )}
    </div>
  )
}
