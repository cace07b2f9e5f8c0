/** Which people are ticked: some of those loaded, or everybody found, loaded or not. */
import type { PeopleFilter, PeopleSelection, PersonRow } from '@matrixos/shared'
import { useState } from 'react'

type UserIds = ReadonlySet<PersonRow['id']>
export type Ticked = { all: true } | { all: false; ids: UserIds }

export const NOBODY: Ticked = { all: false, ids: new Set() }

export const isTicked = (ticked: Ticked, id: PersonRow['id']): boolean => ticked.all || ticked.ids.has(id)

/** Unticking one of everybody leaves those that are loaded: never somebody whom the list has not shown. */
export function tick(
  ticked: Ticked,
  { id, isSelected, loaded }: { id: PersonRow['id']; isSelected: boolean; loaded: PersonRow['id'][] },
): Ticked {
  const ids = new Set(ticked.all ? loaded : ticked.ids)
  if (isSelected) ids.add(id)
  else ids.delete(id)
  return { all: false, ids }
}

export function useSelection(filter: PeopleFilter, total: number, loaded: PersonRow['id'][]) {
  const [ticked, setTicked] = useState<Ticked>(NOBODY)
  const selection: PeopleSelection = ticked.all ? { filter } : { ids: [...ticked.ids] }
  return {
    selection,
    count: ticked.all ? total : ticked.ids.size,
    all: ticked.all,
    has: (id: PersonRow['id']) => isTicked(ticked, id),
    set: (id: PersonRow['id'], isSelected: boolean) =>
      setTicked((before) => tick(before, { id, isSelected, loaded })),
    setAll: (isSelected: boolean) => setTicked(isSelected ? { all: true } : NOBODY),
    clear: () => setTicked(NOBODY),
  }
}
export type Selection = ReturnType<typeof useSelection>
