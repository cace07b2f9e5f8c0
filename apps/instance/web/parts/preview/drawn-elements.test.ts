import { expect, test } from 'vitest'
import { type DrawingElement, drawnElements } from './drawn-elements.ts'

const element = (
  localName: string,
  attributes: Record<string, string> = {},
  children: DrawingElement[] = [],
): DrawingElement => ({
  localName,
  attributes: Object.entries(attributes).map(([name, value]) => ({ localName: name, value })),
  children,
})

const times = (count: number, make: () => DrawingElement) => Array.from({ length: count }, make)

/** Each level uses the one below it ten times. */
const nested = (levels: number, use: (id: string) => DrawingElement) =>
  element('svg', {}, [
    element('circle', { id: 'l0' }),
    ...Array.from({ length: levels }, (_, level) =>
      element(
        'g',
        { id: `l${level + 1}` },
        times(10, () => use(`l${level}`)),
      ),
    ),
    use(`l${levels}`),
  ])

test('counts what is there once for each time that it is drawn', () => {
  expect(
    drawnElements(
      element(
        'svg',
        {},
        times(5, () => element('path')),
      ),
    ),
  ).toBe(6)
  expect(drawnElements(nested(1, (id) => element('use', { href: `#${id}` })))).toBe(1 + 1 + 21 + 22)
})

test.each([
  ['used', (id: string) => element('use', { href: `#${id}` })],
  ['a mask', (id: string) => element('rect', { mask: `url(#${id})` })],
  ['a pattern, as a style', (id: string) => element('rect', { style: `fill: url( "#${id}" )` })],
])('knows a small drawing that comes to thousands of millions: %s', (_, use) => {
  expect(drawnElements(nested(2, use))).toBeLessThan(1_000)
  expect(drawnElements(nested(9, use))).toBe(Number.POSITIVE_INFINITY)
})

test('takes what uses itself for too much, and counts neither links nor what leads nowhere', () => {
  const own = element('g', { id: 'own' }, [element('use', { href: '#own' })])
  expect(drawnElements(own)).toBe(Number.POSITIVE_INFINITY)
  const others = [element('a', { href: '#own' }), element('use', { href: '#none' })]
  expect(drawnElements(element('g', { id: 'own' }, others))).toBe(3)
})

test('takes one that is nested without end for too much', () => {
  let deep = element('g')
  for (let level = 0; level < 50_000; level++) deep = element('g', {}, [deep])
  expect(drawnElements(deep)).toBe(Number.POSITIVE_INFINITY)
})
