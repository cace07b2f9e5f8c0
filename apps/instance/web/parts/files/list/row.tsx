/** One entry of a list. */
import { type MouseEvent, memo, type PointerEvent, useRef } from 'react'
import type { Entry } from '../../../../src/files/api/protocol.ts'
import { showName } from '../model/show-name.ts'
import { iconOf, MoreIcon } from '../ui/icons.ts'
import { sizeInWords, timeInWords } from '../ui/words.ts'
import type { DropTarget } from './drag.ts'
import { RenameField } from './rename-field.tsx'

export interface RowActs {
  onChoose(entry: Entry, event: MouseEvent): void
  onOpen(entry: Entry): void
  onMenu(entry: Entry, at: { x: number; y: number }): void
  /** A finger rested on it. */
  onHold(entry: Entry): void
  onRename(entry: Entry, name: string | null): void
  onDragStart(entry: Entry, data: DataTransfer): void
  dropOn(entry: Entry): DropTarget | null
}

export interface RowProps {
  entry: Entry
  id: string
  index: number
  top: number
  height: number
  isChosen: boolean
  isCursor: boolean
  isCut: boolean
  isRenaming: boolean
  canDrag: boolean
  now: Date
  acts: RowActs
}

const HOLD_MS = 450
const HOLD_SLIP = 8

export const isFolder = ({ kind, leadsTo }: Entry): boolean => kind === 'folder' || leadsTo === 'folder'

export const Row = memo(function Row(props: RowProps) {
  const { entry, id, index, top, height, isChosen, isCursor, isCut, isRenaming, canDrag, now, acts } = props
  const hold = useHold(() => acts.onHold(entry))
  const Icon = iconOf(entry)
  const name = showName(entry.name)
  const size = entry.kind === 'file' ? sizeInWords(entry.size) : ''
  const time = timeInWords(entry.modifiedAt, now)
  const drop = acts.dropOn(entry)
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the grid has the keys.
    <div
      role="row"
      id={id}
      className="row"
      aria-rowindex={index + 2}
      aria-selected={isChosen}
      data-cursor={isCursor}
      data-cut={isCut}
      data-kind={entry.kind}
      style={{ transform: `translateY(${top}px)`, height }}
      draggable={canDrag && !isRenaming}
      onClick={(event) => {
        // The list would take it for a click beside its entries.
        event.stopPropagation()
        if (!hold.wasHeld()) acts.onChoose(entry, event)
      }}
      onDoubleClick={(event) => event.ctrlKey || event.metaKey || event.shiftKey || acts.onOpen(entry)}
      onContextMenu={(event) => {
        event.preventDefault()
        event.stopPropagation()
        if (!hold.isTouch()) acts.onMenu(entry, { x: event.clientX, y: event.clientY })
      }}
      onDragStart={(event) => {
        // A finger that rests chooses.
        if (hold.isTouch()) event.preventDefault()
        else acts.onDragStart(entry, event.dataTransfer)
      }}
      {...hold.handlers}
      {...drop}
    >
      <span role="gridcell" className="cell-icon">
        <Icon />
      </span>
      <span role="gridcell" className="cell-name" title={name}>
        {isRenaming ? (
          <RenameField name={entry.name} onEnd={(next) => acts.onRename(entry, next)} />
        ) : (
          <b>{name}</b>
        )}
        <small aria-hidden>{[size, time].filter((part) => part !== '').join(' · ')}</small>
      </span>
      <span role="gridcell" className="cell-size">
        {size}
      </span>
      <span role="gridcell" className="cell-time">
        {time}
      </span>
      <span role="gridcell" className="cell-more">
        <button
          type="button"
          className="tool"
          tabIndex={-1}
          aria-label={`More for ${name}`}
          onClick={(event) => {
            event.stopPropagation()
            const { left, bottom } = event.currentTarget.getBoundingClientRect()
            acts.onMenu(entry, { x: left, y: bottom })
          }}
          onDoubleClick={(event) => event.stopPropagation()}
        >
          <MoreIcon />
        </button>
      </span>
    </div>
  )
})

/** A finger that rests chooses, as the right button of a mouse opens a menu. */
function useHold(onHold: () => void) {
  const state = useRef({ timer: 0, x: 0, y: 0, isHeld: false, isTouch: false })
  const end = () => clearTimeout(state.current.timer)
  return {
    wasHeld: () => state.current.isHeld,
    isTouch: () => state.current.isTouch,
    handlers: {
      onPointerDown({ pointerType, clientX, clientY }: PointerEvent) {
        const it = state.current
        it.isHeld = false
        it.isTouch = pointerType === 'touch'
        if (!it.isTouch) return
        Object.assign(it, { x: clientX, y: clientY })
        it.timer = window.setTimeout(() => {
          it.isHeld = true
          onHold()
        }, HOLD_MS)
      },
      onPointerMove({ clientX, clientY }: PointerEvent) {
        const { x, y } = state.current
        if (Math.hypot(clientX - x, clientY - y) > HOLD_SLIP) end()
      },
      onPointerUp: end,
      onPointerCancel: end,
    },
  }
}
