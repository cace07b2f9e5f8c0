/**
 * How much a drawing (SVG) has to draw: an element that is used ten times, in one that is used ten times, and so on,
 * comes to thousands of millions in two kilobytes, and to the end of the page that shows it.
 */

/** What is needed of an `Element`. */
export interface DrawingElement {
  readonly localName: string
  readonly attributes: Iterable<{ localName: string; value: string }>
  readonly children: Iterable<DrawingElement>
}

/** Hand-made drawings and charts have some thousands; maps some ten thousands. */
export const ELEMENTS_AT_MOST = 200_000

/** All that is drawn, with what is drawn again each time; `Infinity` beyond `ELEMENTS_AT_MOST`. */
export function drawnElements(root: DrawingElement): number {
  const byId = new Map<string, DrawingElement>()
  const all: DrawingElement[] = [root]
  // Pushed while it is walked: a drawing may be nested deeper than calls can be.
  for (const element of all) {
    const id = attributeOf(element, 'id')
    if (id !== undefined && !byId.has(id)) byId.set(id, element)
    for (const child of element.children) all.push(child)
  }
  const counts = new Map<DrawingElement, number>()
  const count = (element: DrawingElement): number => {
    const known = counts.get(element)
    if (known !== undefined) return known
    // What uses itself, no drawing program makes.
    counts.set(element, Number.POSITIVE_INFINITY)
    const parts = [...element.children, ...usedBy(element, byId)]
    const sum = parts.reduce((total, part) => total + count(part), 1)
    const counted = sum > ELEMENTS_AT_MOST ? Number.POSITIVE_INFINITY : sum
    counts.set(element, counted)
    return counted
  }
  try {
    return count(root)
  } catch {
    return Number.POSITIVE_INFINITY
  }
}

const attributeOf = ({ attributes }: DrawingElement, name: string) =>
  [...attributes].find(({ localName }) => localName === name)?.value

/** By `href`, and by masks, patterns and the like. */
function usedBy(element: DrawingElement, byId: ReadonlyMap<string, DrawingElement>): DrawingElement[] {
  if (element.localName === 'a') return []
  return [...element.attributes].flatMap(({ localName, value }) => {
    const ids =
      localName === 'href'
        ? [value.trim().replace(/^#/, '')]
        : [...value.matchAll(/url\(\s*['"]?#([^'")]+)/g)].map(([, id = '']) => id.trim())
    return ids.flatMap((id) => byId.get(id) ?? [])
  })
}
