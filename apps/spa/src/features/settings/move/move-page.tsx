/** `/settings/move`: one's computer as a file, to keep or to take elsewhere. */
import { TRANSFER_PATH } from '@matrixos/shared'
import { Download } from 'lucide-react'
import { problemText } from '../../../lib/errors.ts'
import { trpc } from '../../../lib/trpc.ts'
import { Button } from '../../../ui/button.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { PageTitle } from '../../../ui/page-title.tsx'
import { SettingsSection } from '../settings-section.tsx'
import { ImportSection } from './import-section.tsx'

export const MovePage = () => (
  <div className="animate-rise">
    <PageTitle className="font-semibold text-2xl">Move</PageTitle>
    <p className="mt-2 max-w-prose text-muted leading-7">
      Take your computer elsewhere: to another platform, or to a computer of your own.
    </p>
    <div className="mt-8 space-y-6">
      <ExportSection />
      <ImportSection />
    </div>
  </div>
)

function ExportSection() {
  // A link cannot ask who is there, so that is asked first.
  const prepare = trpc.transfer.prepareExport.useMutation({
    onSuccess: () => location.assign(`${TRANSFER_PATH}/export`),
  })
  const problem = problemText(prepare.error)
  return (
    <SettingsSection
      title="Export"
      lead="All of your home in one file, with the times and permissions of every file. Your sign-in and AI keys are not in it."
      action={
        <Button onClick={() => prepare.mutate()} pending={prepare.isPending}>
          {!prepare.isPending && <Download aria-hidden />}
          Download
        </Button>
      }
    >
      {problem && <Notice tone="error">{problem}</Notice>}
    </SettingsSection>
  )
}
