/** Asks for a folder: where to move or copy to. */
import { useEffect, useId, useRef, useState } from 'react'
import { crumbsOf } from '../model/path.ts'
import { showName } from '../model/show-name.ts'
import { Tree } from './tree.tsx'

export interface PickFolderProps {
  title: string
  action: string
  start: string
  /** Why this folder will not do, in a sentence. */
  problemOf: (path: string) => string | null
  onPick: (path: string) => void
  onCancel: () => void
}

export function PickFolder({ title, action, start, problemOf, onPick, onCancel }: PickFolderProps) {
  const dialog = useRef<HTMLDialogElement>(null)
  const heading = useId()
  const [path, setPath] = useState(start)
  const problem = problemOf(path)
  useEffect(() => {
    if (!dialog.current?.open) dialog.current?.showModal()
  }, [])
  return (
    <dialog className="confirm pick-folder" ref={dialog} aria-labelledby={heading} onClose={onCancel}>
      <h3 id={heading}>{title}</h3>
      <div className="pick-tree">
        <Tree label="Folders" current={path} isHiddenShown={false} onGo={setPath} />
      </div>
      <p className="pick-path" role="status">
        {problem ??
          crumbsOf(path)
            .map(({ name }) => showName(name))
            .join(' › ')}
      </p>
      <div className="actions">
        <button type="button" className="button" onClick={onCancel}>
          Cancel
        </button>
        <button
          type="button"
          className="button primary"
          disabled={problem !== null}
          onClick={() => onPick(path)}
        >
          {action}
        </button>
      </div>
    </dialog>
  )
}
