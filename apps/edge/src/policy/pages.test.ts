import { expect, it } from 'vitest'
import { STYLE } from './page-style.ts'
import { UNAVAILABLE_PAGE, unknownHostPage } from './pages.ts'

it('frames every page in the one look', () => {
  for (const { body } of [UNAVAILABLE_PAGE, unknownHostPage('http://localhost')])
    expect(body).toContain(STYLE)
})
