/** What else can be done with a post or a comment: deleting one's own, reporting others'. */
import type { FeedSubject } from '@matrixos/shared'
import { Ellipsis, Flag, Trash2 } from 'lucide-react'
import { useRef, useState } from 'react'
import { Menu, MenuItem } from '../../ui/menu.tsx'
import { ReportDialog } from './report-dialog.tsx'

export interface MoreMenuProps {
  subject: FeedSubject
  label: string
  /** `null`: this person may not. */
  onDelete: (() => void) | null
  canReport: boolean
}

export function MoreMenu({ subject, label, onDelete, canReport }: MoreMenuProps) {
  const opener = useRef<HTMLButtonElement>(null)
  const [isReporting, setReporting] = useState(false)
  return (
    <>
      <Menu
        trigger={
          <button
            ref={opener}
            type="button"
            aria-label={label}
            className="-my-2 -mr-2 grid size-11 shrink-0 place-items-center rounded-control text-muted hover:bg-sunken hover:text-ink"
          >
            <Ellipsis aria-hidden className="size-5" />
          </button>
        }
      >
        {onDelete && (
          <MenuItem onSelect={onDelete}>
            <Trash2 aria-hidden /> Delete
          </MenuItem>
        )}
        {canReport && (
          <MenuItem onSelect={() => setReporting(true)}>
            <Flag aria-hidden /> Report
          </MenuItem>
        )}
      </Menu>
      {isReporting && <ReportDialog subject={subject} opener={opener} onClose={() => setReporting(false)} />}
    </>
  )
}
