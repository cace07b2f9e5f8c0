import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { TOO_MANY_COOKIES } from './too-many-cookies.ts'

it('uses the palette of the other pages', () => {
  const styles = readFileSync(new URL('../../../spa/src/styles.css', import.meta.url), 'utf8')
  const own = [...TOO_MANY_COOKIES.matchAll(/--([\w-]+):light-dark\((oklch\([^)]+\)),(oklch\([^)]+\))\)/g)]
  expect(own.length).toBeGreaterThan(5)
  for (const [, name, ...values] of own) {
    const theirs = [...styles.matchAll(new RegExp(`--${name}: ([^;]+);`, 'g'))].map(([, value]) => value)
    expect([name, ...values]).toEqual([name, ...theirs.slice(0, 2)])
  }
})
