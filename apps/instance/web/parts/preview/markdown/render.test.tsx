// @vitest-environment happy-dom
import { cleanup, render, screen } from '@testing-library/react'
import { afterEach, expect, test, vi } from 'vitest'
import { renderMarkdown } from './render.tsx'

afterEach(cleanup)

function show(text: string, onOpen: (path: string) => void = () => undefined) {
  return render(<article>{renderMarkdown(text, { path: 'docs/read.md', onOpen })}</article>).container
}

test('shows what is written', () => {
  const it = show(
    '# Title\n\nSome *words* and **more** in `code`.\n\n3. three\n4. four\n\n| a | b |\n|:-:|--:|\n| 1 | 2 |\n\n```js\nlet x\n```\n\n> quoted  \n> twice\n\n---\n',
  )
  expect(it.querySelector('h1')?.textContent).toBe('Title')
  expect(it.querySelector('p')?.innerHTML).toBe(
    'Some <em>words</em> and <strong>more</strong> in <code>code</code>.',
  )
  expect(it.querySelector('ol')?.start).toBe(3)
  expect(it.querySelectorAll('li p')).toHaveLength(0)
  expect(it.querySelector('td')?.dataset.align).toBe('center')
  expect(it.querySelector('pre')?.textContent).toBe('let x\n')
  expect(it.querySelector('blockquote br')).not.toBeNull()
  expect(it.querySelector('hr')).not.toBeNull()
})

test('makes nothing of hostile text but text', () => {
  const it = show(
    [
      '<script>alert(1)</script>',
      '<img src=x onerror=alert(1)>',
      'inline <b onclick=alert(1)>html</b>',
      '[one](javascript:alert(1)) [two](<java\tscript:alert(1)>) [three](data:text/html,x) [four][ref]',
      '![five](javascript:alert(1)) ![six](data:image/svg+xml,x) ![seven](https://tracker.example/p.png)',
      '<https://ok.example> <javascript:alert(1)>',
      '[ref]: vbscript:x',
    ].join('\n\n'),
  )
  expect(it.querySelectorAll('script, img, b, iframe, object, svg, style')).toHaveLength(0)
  const links = [...it.querySelectorAll('a')]
  expect(links.map((link) => link.getAttribute('href')).toSorted()).toEqual([
    // No scheme, but the odd name of a file.
    '/api/files/content?path=docs%2Fjava%09script%3Aalert%281%29',
    'https://ok.example',
    'https://tracker.example/p.png',
  ])
  for (const link of links.filter(({ target }) => target === '_blank'))
    expect(link.rel).toBe('noopener noreferrer')
  const attributes = [...it.querySelectorAll('*')].flatMap((each) => each.getAttributeNames())
  expect(attributes.filter((name) => name.startsWith('on') || name === 'style')).toEqual([])
  expect(it.textContent).toContain('<script>alert(1)</script>')
})

test('opens files of the home, and shows their pictures', () => {
  const onOpen = vi.fn()
  const it = show('[next](../next%20one.md) ![cat](cat.png)', onOpen)
  screen.getByRole('link', { name: 'next' }).click()
  expect(onOpen).toHaveBeenCalledWith('next one.md')
  expect(it.querySelector('img')?.getAttribute('src')).toBe('/api/files/content?path=docs%2Fcat.png')
})
