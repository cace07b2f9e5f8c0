/** Puts an export in the place of one's home, shows how far that is, and leads back to the home before. */
import type { ImportState, TransferState } from '@matrixos/shared'
import { useRef, useState } from 'react'
import { toast } from 'sonner'
import { problemText } from '../../../lib/errors.ts'
import { bytesText } from '../../../lib/figures.ts'
import { longDate } from '../../../lib/time.ts'
import { trpc } from '../../../lib/trpc.ts'
import { UploadError } from '../../../lib/upload.ts'
import { Button } from '../../../ui/button.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { ConfirmRemoval } from '../confirm-removal.tsx'
import { SettingsSection } from '../settings-section.tsx'
import { Bar, percent } from './bar.tsx'
import { isRunning, useImport } from './use-import.ts'

const DAY_MS = 86_400_000

export function ImportSection() {
  const { state, start, sent } = useImport()
  const input = useRef<HTMLInputElement>(null)
  const file = start.variables
  const problem = problemOf(start.error)
  const isBusy = start.isPending || isRunning(state.data?.import?.status)
  return (
    <SettingsSection
      title="Import"
      lead="An export takes the place of your home, and your computer restarts with it. Your present home is kept for a week, and you can go back to it."
      action={
        <>
          <Button variant="secondary" unavailable={isBusy} onClick={() => input.current?.click()}>
            Choose a file
          </Button>
          <input
            ref={input}
            type="file"
            accept=".zst,application/zstd"
            aria-label="Export to import"
            className="sr-only"
            tabIndex={-1}
            onChange={(event) => {
              const [chosen] = event.target.files ?? []
              event.target.value = ''
              if (chosen) start.mutate(chosen)
            }}
          />
        </>
      }
    >
      {sent !== null && file && (
        <Bar label={`Uploading ${file.name}`} value={percent(sent, file.size)}>
          {bytesText(sent)} of {bytesText(file.size)}. Keep this page open until all of it is there.
        </Bar>
      )}
      {problem && <Notice tone="error">{problem}</Notice>}
      {!start.isPending && !start.error && state.data?.import && <Progress state={state.data.import} />}
      {!isBusy && state.data?.earlierSince && <Earlier state={state.data} since={state.data.earlierSince} />}
    </SettingsSection>
  )
}

function Progress({ state }: { state: ImportState }) {
  const { status, message, manifest } = state
  if (status === 'unpacking')
    return (
      <Bar label="Unpacking" value={percent(state.doneBytes, state.totalBytes)}>
        {bytesText(state.doneBytes)} of {bytesText(state.totalBytes)}.
      </Bar>
    )
  if (status === 'restarting') return <Bar label="Restarting your computer" value={100} />
  if (status === 'failed') return <Notice tone="error">{message}</Notice>
  return (
    <Notice>
      {manifest
        ? `You have ${manifest.handle}’s home, as exported on ${longDate(manifest.exportedAt)}.`
        : 'The import is done.'}
    </Notice>
  )
}

const problemOf = (error: Error | null): string | null =>
  error instanceof UploadError ? error.message : problemText(error)

function Earlier({ state, since }: { state: TransferState; since: string }) {
  const utils = trpc.useUtils()
  const refresh = { onSettled: () => utils.transfer.state.invalidate() }
  const takeBack = trpc.transfer.takeBack.useMutation({
    ...refresh,
    onSuccess: () => toast.success('Your previous home is back.'),
  })
  const confirm = trpc.transfer.confirm.useMutation(refresh)
  const problem = problemText(takeBack.error)
  const [isAsking, setAsking] = useState(false)
  const opener = useRef<HTMLButtonElement>(null)
  return (
    <div className="mt-4 text-sm leading-6">
      <p className="text-muted">
        Your previous home, replaced on {longDate(since)}, is kept until{' '}
        {longDate(new Date(Date.parse(since) + state.earlierDays * DAY_MS).toISOString())}.
      </p>
      <div className="mt-3 flex flex-wrap gap-3">
        <Button variant="secondary" pending={takeBack.isPending} onClick={() => takeBack.mutate()}>
          Go back to it
        </Button>
        <Button ref={opener} variant="ghost" onClick={() => setAsking(true)}>
          Delete it…
        </Button>
      </div>
      {problem && (
        <Notice tone="error" className="mt-3">
          {problem}
        </Notice>
      )}
      <ConfirmRemoval
        opener={opener}
        open={isAsking}
        onOpenChange={setAsking}
        title="Delete your previous home?"
        description="This cannot be undone. The home that you have now stays."
        confirmLabel="Delete"
        pending={confirm.isPending}
        error={confirm.error}
        onConfirm={() => confirm.mutate()}
      />
    </div>
  )
}
