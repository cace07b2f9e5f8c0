/** `/settings/move`: one's computer as a file, to keep or to take elsewhere. */
import { isLeaving } from '@matrixos/shared'
import { trpc } from '../../../lib/trpc.ts'
import { PageTitle } from '../../../ui/page-title.tsx'
import { ExportSection } from './export-section.tsx'
import { ImportSection } from './import-section.tsx'

export function MovePage() {
  const mine = trpc.tenants.mine.useQuery()
  return (
    <div className="animate-rise">
      <PageTitle className="font-semibold text-2xl">Move</PageTitle>
      <p className="mt-2 max-w-prose text-muted leading-7">
        Take your computer elsewhere: to another platform, or to a computer of your own.
      </p>
      <div className="mt-8 space-y-6">
        <ExportSection />
        {/* What is about to be deleted takes nothing in; it can still be exported. */}
        {!(mine.data && isLeaving(mine.data.desired)) && <ImportSection />}
      </div>
    </div>
  )
}
