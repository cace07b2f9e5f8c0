/** Which entries of a list are chosen, by mouse, keyboard or touch. Plain data: each act makes a new one. */

export interface Selection {
  chosen: ReadonlySet<string>
  /** Where a range begins. */
  anchor: string | null
  /** Where the keyboard is. */
  cursor: string | null
}

export const NOTHING: Selection = { chosen: new Set(), anchor: null, cursor: null }

export const only = (name: string): Selection => ({ chosen: new Set([name]), anchor: name, cursor: name })

export const everything = (names: readonly string[], { anchor, cursor }: Selection): Selection => ({
  chosen: new Set(names),
  anchor,
  cursor: cursor ?? names[0] ?? null,
})

export interface Keys {
  /** Ctrl or ⌘, or touch while choosing. */
  isToggle: boolean
  /** Shift. */
  isRange: boolean
}

export function choose(
  selection: Selection,
  names: readonly string[],
  name: string,
  { isToggle, isRange }: Keys,
): Selection {
  if (isRange) return range(selection, names, name, isToggle)
  if (!isToggle) return only(name)
  const chosen = new Set(selection.chosen)
  if (!chosen.delete(name)) chosen.add(name)
  return { chosen, anchor: name, cursor: name }
}

function range(selection: Selection, names: readonly string[], name: string, isAdding: boolean): Selection {
  const anchor = selection.anchor ?? names[0] ?? name
  const [from, to] = [names.indexOf(anchor), names.indexOf(name)].sort((a, b) => a - b)
  const between = names.slice(Math.max(0, from ?? 0), (to ?? 0) + 1)
  return { chosen: new Set([...(isAdding ? selection.chosen : []), ...between]), anchor, cursor: name }
}

/** Arrow keys, Home and End: `by` entries up or down, as far as there are any. */
export function step(
  selection: Selection,
  names: readonly string[],
  by: number,
  isRange: boolean,
): Selection {
  if (names.length === 0) return NOTHING
  const at = selection.cursor === null ? -1 : names.indexOf(selection.cursor)
  const from = at === -1 ? (by > 0 ? -1 : names.length) : at
  const to = names[Math.min(names.length - 1, Math.max(0, from + by))]
  return to === undefined ? selection : choose(selection, names, to, { isToggle: false, isRange })
}

/** After the list changed: what is gone is no longer chosen. The same object where nothing is. */
export function retain(selection: Selection, names: readonly string[]): Selection {
  const there = new Set(names)
  const isThere = (name: string | null) => name === null || there.has(name)
  if (
    isThere(selection.anchor) &&
    isThere(selection.cursor) &&
    [...selection.chosen].every((name) => there.has(name))
  )
    return selection
  return {
    chosen: new Set([...selection.chosen].filter((name) => there.has(name))),
    anchor: isThere(selection.anchor) ? selection.anchor : null,
    cursor: isThere(selection.cursor) ? selection.cursor : null,
  }
}

/** The next entry after the cursor whose name begins so, from the top again at the end. */
export function findTyped(names: readonly string[], cursor: string | null, typed: string): string | null {
  const start = Math.max(0, cursor === null ? 0 : names.indexOf(cursor) + (typed.length === 1 ? 1 : 0))
  const turned = [...names.slice(start), ...names.slice(0, start)]
  const wanted = typed.toLocaleLowerCase()
  return turned.find((name) => name.toLocaleLowerCase().startsWith(wanted)) ?? null
}
