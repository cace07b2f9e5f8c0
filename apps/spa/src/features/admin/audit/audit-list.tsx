/** The entries found, newest first, page by page. */
import type { AuditEntryView } from '@matrixos/shared'
import { errorText } from '../../../lib/errors.ts'
import { useNow } from '../../../lib/use-now.ts'
import { Button } from '../../../ui/button.tsx'
import { Card } from '../../../ui/card.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { AuditEntry } from './audit-entry.tsx'

export interface AuditListProps {
  entries: AuditEntryView[]
  isSearch: boolean
  /** `null`: these are all. */
  more: { load: () => void; isPending: boolean; error: unknown } | null
}

export function AuditList({ entries, isSearch, more }: AuditListProps) {
  const now = useNow(30_000)
  if (entries.length === 0) {
    return (
      <Card className="mt-4">
        <h2 className="font-semibold">Nothing found</h2>
        <p className="mt-2 max-w-prose text-muted text-sm leading-6">
          {isSearch
            ? 'Actor and target are whole handles or ids. Leave a field empty to search everything.'
            : 'What people and administrators do is recorded here.'}
        </p>
      </Card>
    )
  }
  return (
    <>
      <ul aria-label="Entries" className="mt-2 divide-y divide-line border-line border-y">
        {entries.map((entry) => (
          <AuditEntry key={entry.id} entry={entry} now={now} />
        ))}
      </ul>
      {more ? (
        <>
          {more.error !== null && (
            <Notice tone="error" className="mt-4">
              {errorText(more.error)}
            </Notice>
          )}
          <Button variant="secondary" className="mt-5 w-full" pending={more.isPending} onClick={more.load}>
            Show older entries
          </Button>
        </>
      ) : (
        <p className="mt-5 text-center text-muted text-sm">These are all.</p>
      )}
    </>
  )
}
