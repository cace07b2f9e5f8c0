/** What was thrown away: it can come back until somebody empties the trash. */
import { useCallback, useEffect, useState } from 'react'
import type { TrashContents } from '../../../../src/files/api/protocol.ts'
import { Confirm } from '../../../shell/windows/confirm.tsx'
import { watchPath } from '../client/changes.ts'
import { files } from '../client/files.ts'
import { isAborted, wordsOf } from '../client/problem.ts'
import { nameOf, parentOf } from '../model/path.ts'
import { showName } from '../model/show-name.ts'
import { iconOf, TrashIcon, UndoIcon } from '../ui/icons.ts'
import type { Toast } from '../ui/toast.tsx'
import { Tool } from '../ui/tool.tsx'
import { countInWords, sizeInWords, timeInWords } from '../ui/words.ts'

type Item = TrashContents['items'][number]

export interface TrashViewProps {
  canChange: boolean
  now: Date
  say: (toast: Toast) => void
  onShow: (path: string) => void
}

/** Where the computer keeps it. */
const FOLDER = '.trash'

function useTrash() {
  const [items, setItems] = useState<readonly Item[] | null>(null)
  const [failure, setFailure] = useState<string | null>(null)
  const [count, setCount] = useState(0)
  const refresh = useCallback(() => setCount((so) => so + 1), [])
  useEffect(() => watchPath(FOLDER, refresh), [refresh])
  // biome-ignore lint/correctness/useExhaustiveDependencies: `count` asks once more.
  useEffect(() => {
    const controller = new AbortController()
    files.trashContents(controller.signal).then(
      (contents) => {
        setItems(contents.items)
        setFailure(null)
      },
      (error) => isAborted(error) || setFailure(wordsOf(error)),
    )
    return () => controller.abort()
  }, [count])
  return { items, failure, refresh }
}

export function TrashView({ canChange, now, say, onShow }: TrashViewProps) {
  const { items, failure, refresh } = useTrash()
  const [asked, setAsked] = useState<'all' | Item | null>(null)
  const act = (doIt: () => Promise<unknown>) => {
    doIt()
      .catch((error) => say({ words: wordsOf(error), isBad: true }))
      .finally(refresh)
  }
  const restore = (item: Item) =>
    act(async () => {
      const { entries } = await files.restore(item.id)
      const [first] = entries
      const words = wordsForRestored(item, entries)
      if (first) say({ words, action: { label: 'Show', run: () => onShow(first.path) } })
    })
  if (!items?.length) return <Blank isEmpty={items !== null} {...{ failure, refresh }} />
  return (
    <section className="trash" aria-label="Trash">
      <div className="choices">
        <p role="status">{countInWords(items.length, 'item')}</p>
        {canChange && (
          <button type="button" className="button quiet danger" onClick={() => setAsked('all')}>
            Empty the trash
          </button>
        )}
      </div>
      <ul>
        {items.map((item) => (
          <Trashed key={item.id} {...{ item, now, canChange }} onRestore={restore} onDelete={setAsked} />
        ))}
      </ul>
      {asked !== null && (
        <Confirm
          question={`Delete ${asked === 'all' ? 'everything in the trash' : titleOf(asked)} for good? Nothing can bring it back.`}
          action="Delete for good"
          onConfirm={() => {
            setAsked(null)
            act(() => (asked === 'all' ? files.emptyTrash() : files.deleteForGood(asked.id)))
          }}
          onCancel={() => setAsked(null)}
        />
      )}
    </section>
  )
}

interface BlankProps {
  isEmpty: boolean
  failure: string | null
  refresh: () => void
}

function Blank({ isEmpty, failure, refresh }: BlankProps) {
  if (failure !== null) {
    return (
      <div className="blank" role="alert">
        <p>{failure}</p>
        <button type="button" className="button" onClick={refresh}>
          Try again
        </button>
      </div>
    )
  }
  return (
    <div className="blank" hidden={!isEmpty}>
      <TrashIcon />
      <h3>The trash is empty</h3>
      <p>What you throw away waits here until you empty it.</p>
    </div>
  )
}

function wordsForRestored(item: Item, entries: readonly { wasAt: string; path: string }[]): string {
  const [first] = entries
  if (first && entries.some(({ wasAt, path }) => wasAt !== path))
    return `Back as “${showName(nameOf(first.path))}”: its old name was taken.`
  return `${titleOf(item)} is back in ${showName(nameOf(parentOf(first?.path ?? ''))) || 'Home'}.`
}

function titleOf({ entries }: Item): string {
  const name = `“${showName(nameOf(entries[0]?.wasAt ?? ''))}”`
  return entries.length > 1 ? `${name} and ${entries.length - 1} more` : name
}

interface TrashedProps {
  item: Item
  now: Date
  canChange: boolean
  onRestore: (item: Item) => void
  onDelete: (item: Item) => void
}

function Trashed({ item, now, canChange, onRestore, onDelete }: TrashedProps) {
  const [first] = item.entries
  if (!first) return null
  const Icon = iconOf({ kind: first.kind, name: nameOf(first.wasAt) })
  const size = item.entries.reduce((sum, entry) => sum + entry.size, 0)
  const from = showName(parentOf(first.wasAt)) || 'Home'
  const words = [`from ${from}`, timeInWords(item.trashedAt, now), ...(size > 0 ? [sizeInWords(size)] : [])]
  return (
    <li>
      <Icon />
      <span>
        <b>{titleOf(item).replaceAll(/[“”]/g, '')}</b>
        <small>{words.join(' · ')}</small>
      </span>
      {canChange && (
        <>
          <Tool label={`Restore ${titleOf(item)}`} Icon={UndoIcon} onClick={() => onRestore(item)} />
          <Tool label={`Delete ${titleOf(item)} for good`} Icon={TrashIcon} onClick={() => onDelete(item)} />
        </>
      )}
    </li>
  )
}
