/** A folder, whatever it is: on its way, empty, gone, or full of files. */
import { type ReactNode, useMemo } from 'react'
import type { Entry } from '../../../src/files/api/protocol.ts'
import { sortEntries } from './model/order.ts'
import type { Settings } from './model/settings.ts'
import { FolderIcon } from './ui/icons.ts'
import type { Folder } from './use-folder.ts'

/** The computer keeps there what was thrown away: it is shown as the trash. */
const TRASH_FOLDER = '.trash'

export function useShownEntries(folder: Folder, path: string, { order, isHiddenShown }: Settings): Entry[] {
  const { entries } = folder
  return useMemo(() => {
    const isShown = ({ name }: Entry) =>
      (isHiddenShown || !name.startsWith('.')) && !(path === '' && name === TRASH_FOLDER)
    return sortEntries((entries ?? []).filter(isShown), order)
  }, [entries, path, order, isHiddenShown])
}

export interface FolderViewProps {
  folder: Folder
  shown: readonly Entry[]
  canChange: boolean
  onHome: () => void
  onUpload: () => void
  onShowHidden: () => void
  children: ReactNode
}

export function FolderView({
  folder,
  shown,
  canChange,
  onHome,
  onUpload,
  onShowHidden,
  children,
}: FolderViewProps) {
  const { entries, error, refresh } = folder
  if (entries === null) {
    if (!error) return <Skeleton />
    const isGone = error.status === 404
    return (
      <div className="blank" role="alert">
        <h3>{isGone ? 'This folder is gone' : 'I can’t show this folder'}</h3>
        <p>{isGone ? 'It was moved, renamed or thrown away.' : error.message}</p>
        <button type="button" className="button" onClick={isGone ? onHome : refresh}>
          {isGone ? 'Go home' : 'Try again'}
        </button>
      </div>
    )
  }
  const hidden = entries.length - shown.length
  return (
    <>
      {error && (
        <p className="notice" data-tone="bad" role="status">
          <span>{error.message} This is how it was a moment ago.</span>
          <button type="button" onClick={refresh}>
            Try again
          </button>
        </p>
      )}
      {!folder.isComplete && (
        <p className="notice" role="status">
          <span>There is more in this folder than I can show. Search finds the rest.</span>
        </p>
      )}
      {children}
      {shown.length === 0 && (
        <div className="blank over">
          <FolderIcon />
          <h3>Nothing here yet</h3>
          {canChange && <p>Drop files or folders here, paste a picture, or bring something in.</p>}
          {canChange && (
            <button type="button" className="button" onClick={onUpload}>
              Upload files
            </button>
          )}
          {hidden > 0 && (
            <button type="button" className="button quiet" onClick={onShowHidden}>
              Show hidden files
            </button>
          )}
        </div>
      )}
    </>
  )
}

const LINES = [62, 38, 54, 45, 70, 33, 50]

const Skeleton = () => (
  <div className="skeleton" role="status" aria-label="Opening the folder">
    {LINES.map((width) => (
      <i key={width} style={{ width: `${width}%` }} />
    ))}
  </div>
)
