/** The entries of a folder, as many as there are: only those in sight are in the document. */
import { useVirtualizer } from '@tanstack/react-virtual'
import { type KeyboardEvent, type MouseEvent, useEffect, useId, useMemo, useRef } from 'react'
import type { Entry } from '../../../../src/files/api/protocol.ts'
import { useMedia } from '../../../ui/use-media.ts'
import { nextOrder, type Order, type SortBy } from '../model/order.ts'
import type { Selection } from '../model/selection.ts'
import { DownIcon, UpIcon } from '../ui/icons.ts'
import { useWidth } from '../ui/use-width.ts'
import { Row, type RowActs } from './row.tsx'

export interface ListProps {
  label: string
  entries: readonly Entry[]
  selection: Selection
  order: Order
  renaming: string | null
  cut: ReadonlySet<string>
  canDrag: boolean
  now: Date
  acts: RowActs
  onOrder: (order: Order) => void
  onKey: (event: KeyboardEvent, rows: number) => void
  onNothing: (event: MouseEvent) => void
  /** Comes into sight when it changes. */
  shown: string | null
}

const ROW = 36
const TALL_ROW = 56
const HEAD = 34
/** Narrower than this, size and time stand below the name. */
const NARROW = 560

export function List(props: ListProps) {
  const { label, entries, selection, renaming, cut, canDrag, now, acts, onKey, onNothing, shown } = props
  const scroller = useRef<HTMLDivElement>(null)
  const id = useId()
  const isNarrow = useWidth(scroller) < NARROW
  const isTouch = useMedia('(pointer: coarse)')
  const height = isNarrow || isTouch ? TALL_ROW : ROW
  const head = isNarrow ? 0 : HEAD
  const virtual = useVirtualizer({
    count: entries.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => height,
    scrollPaddingStart: head,
    scrollMargin: head,
    overscan: 12,
  })
  const indexes = useMemo(() => new Map(entries.map(({ name }, index) => [name, index])), [entries])
  // biome-ignore lint/correctness/useExhaustiveDependencies: the rows are measured anew when their height changes.
  useEffect(() => virtual.measure(), [height, head])
  useEffect(() => {
    const index = shown === null ? undefined : indexes.get(shown)
    if (index !== undefined) virtual.scrollToIndex(index, { align: 'auto' })
  }, [shown, indexes, virtual])
  const cursor = selection.cursor === null ? undefined : indexes.get(selection.cursor)

  return (
    <div
      className="list"
      ref={scroller}
      role="grid"
      aria-label={label}
      aria-rowcount={entries.length + 1}
      aria-multiselectable
      aria-activedescendant={cursor === undefined ? undefined : `${id}-${cursor}`}
      tabIndex={0}
      data-narrow={isNarrow}
      onKeyDown={(event) =>
        onKey(event, Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / height) - 1))
      }
      onClick={onNothing}
      onContextMenu={onNothing}
    >
      <Head {...props} isHidden={isNarrow} />
      <div role="rowgroup" className="rows" style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map(({ index, start }) => {
          const entry = entries[index]
          if (!entry) return null
          return (
            <Row
              key={entry.name}
              {...{ entry, index, height, canDrag, now, acts }}
              id={`${id}-${index}`}
              top={start - head}
              isChosen={selection.chosen.has(entry.name)}
              isCursor={selection.cursor === entry.name}
              isCut={cut.has(entry.name)}
              isRenaming={renaming === entry.name}
            />
          )
        })}
      </div>
    </div>
  )
}

const COLUMNS: readonly { by: SortBy; title: string; className: string }[] = [
  { by: 'name', title: 'Name', className: 'cell-name' },
  { by: 'size', title: 'Size', className: 'cell-size' },
  { by: 'modified', title: 'Changed', className: 'cell-time' },
]

const Head = ({ order, onOrder, isHidden }: Pick<ListProps, 'order' | 'onOrder'> & { isHidden: boolean }) => (
  <div role="rowgroup" className="head" hidden={isHidden}>
    <div role="row" aria-rowindex={1}>
      <span role="columnheader" className="cell-icon">
        <span className="only-read">Kind</span>
      </span>
      {COLUMNS.map(({ by, title, className }) => (
        <span
          key={by}
          role="columnheader"
          className={className}
          aria-sort={order.by !== by ? 'none' : order.isDescending ? 'descending' : 'ascending'}
        >
          <button
            type="button"
            onClick={(event) => {
              event.stopPropagation()
              onOrder(nextOrder(order, by))
            }}
          >
            {title}
            {order.by === by && (order.isDescending ? <DownIcon /> : <UpIcon />)}
          </button>
        </span>
      ))}
      <span role="columnheader" className="cell-more">
        <span className="only-read">More</span>
      </span>
    </div>
  </div>
)
