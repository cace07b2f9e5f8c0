/** In which order a folder's entries are listed. */
import type { Entry } from '../../../../src/files/api/protocol.ts'
import { endingOf } from './path.ts'

export type SortBy = 'name' | 'size' | 'modified' | 'kind'

export interface Order {
  by: SortBy
  isDescending: boolean
}

export const USUAL_ORDER: Order = { by: 'name', isDescending: false }

/** `image2` comes before `image10`, and case does not matter. */
const names = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' })

const byName = (a: Entry, b: Entry) => names.compare(a.name, b.name) || (a.name < b.name ? -1 : 1)

const COMPARE: Record<SortBy, (a: Entry, b: Entry) => number> = {
  name: byName,
  size: (a, b) => a.size - b.size || byName(a, b),
  modified: (a, b) => timeOf(a) - timeOf(b) || byName(a, b),
  kind: (a, b) => names.compare(endingOf(a.name), endingOf(b.name)) || byName(a, b),
}

const timeOf = (entry: Entry) => Date.parse(entry.modifiedAt)

/** Folders first, whatever the order. */
export function sortEntries(entries: readonly Entry[], { by, isDescending }: Order): Entry[] {
  const compare = COMPARE[by]
  const sign = isDescending ? -1 : 1
  return [...entries].sort(
    (a, b) => Number(b.kind === 'folder') - Number(a.kind === 'folder') || sign * compare(a, b),
  )
}

/** The same column once more turns the order round; what is new or large is looked for first. */
export const nextOrder = (order: Order, by: SortBy): Order =>
  order.by === by
    ? { by, isDescending: !order.isDescending }
    : { by, isDescending: by === 'size' || by === 'modified' }
