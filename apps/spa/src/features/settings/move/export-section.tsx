/** Makes a file of everything that belongs to a person, shows how far that is, and hands it out for a day. */
import { type ExportState, TRANSFER_PATH } from '@matrixos/shared'
import { Download } from 'lucide-react'
import { problemText } from '../../../lib/errors.ts'
import { bytesText } from '../../../lib/figures.ts'
import { dayAndTime } from '../../../lib/time.ts'
import { trpc } from '../../../lib/trpc.ts'
import { Button } from '../../../ui/button.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { SettingsSection } from '../settings-section.tsx'
import { Bar, percent } from './bar.tsx'

const POLL_MS = 1_000

export function ExportSection() {
  const utils = trpc.useUtils()
  const state = trpc.transfer.state.useQuery(undefined, {
    refetchInterval: ({ state: { data } }) => (data?.export?.status === 'packing' ? POLL_MS : false),
  })
  const refresh = { onSettled: () => utils.transfer.state.invalidate() }
  const begin = trpc.transfer.beginExport.useMutation(refresh)
  const forget = trpc.transfer.forgetExport.useMutation(refresh)
  const found = state.data?.export ?? null
  const problem = problemText(begin.error ?? forget.error)
  const isPacking = found?.status === 'packing'
  return (
    <SettingsSection
      title="Export"
      lead="All of your home in one file, with the times and permissions of every file, and with your profile, posts and AI calls. Your sign-in and AI keys are not in it."
      action={
        <Button
          variant={found?.status === 'ready' ? 'secondary' : 'primary'}
          onClick={() => begin.mutate()}
          pending={begin.isPending}
          unavailable={!state.data || isPacking}
        >
          {found?.status === 'ready' ? 'Make a new one' : 'Make an export'}
        </Button>
      }
    >
      {problem && <Notice tone="error">{problem}</Notice>}
      {found && <Found state={found} forget={forget} />}
    </SettingsSection>
  )
}

interface FoundProps {
  state: ExportState
  forget: { isPending: boolean; mutate: () => void }
}

function Found({ state, forget }: FoundProps) {
  const { status, message, doneBytes, totalBytes } = state
  if (status === 'failed') return <Notice tone="error">{message}</Notice>
  if (status === 'ready') return <Ready state={state} forget={forget} />
  return (
    <>
      <Bar label="Packing your files" value={totalBytes === null ? null : percent(doneBytes, totalBytes)}>
        {totalBytes !== null && `${bytesText(doneBytes)} of about ${bytesText(totalBytes)}. `}
        You can close this page: it goes on without you.
      </Bar>
      <Button
        size="sm"
        variant="secondary"
        className="mt-3"
        pending={forget.isPending}
        onClick={() => forget.mutate()}
      >
        Cancel
      </Button>
    </>
  )
}

function Ready({ state, forget }: FoundProps) {
  const { id, sizeBytes, keptUntil } = state
  // A link cannot ask who is there, so that is asked first.
  const prepare = trpc.transfer.prepareDownload.useMutation({
    onSuccess: () => location.assign(`${TRANSFER_PATH}/export/${id}`),
  })
  const problem = problemText(prepare.error)
  return (
    <>
      <p className="text-sm leading-6">
        Your export is ready: {bytesText(sizeBytes ?? 0)}.
        {keptUntil && ` It is kept until ${dayAndTime(keptUntil)}.`}
      </p>
      <div className="mt-3 flex flex-wrap gap-3">
        <Button onClick={() => prepare.mutate()} pending={prepare.isPending}>
          {!prepare.isPending && <Download aria-hidden />}
          Download
        </Button>
        <Button variant="ghost" pending={forget.isPending} onClick={() => forget.mutate()}>
          Delete the file
        </Button>
      </div>
      {problem && (
        <Notice tone="error" className="mt-3">
          {problem}
        </Notice>
      )}
    </>
  )
}
