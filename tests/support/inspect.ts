/** What a page must be in every size and colour scheme: accessible, and no wider than what it is seen on. */
import { expect } from 'vitest'
import { violationsOf } from './axe.ts'
import type { Person } from './chromium.ts'

export const WIDE = { width: 1440, height: 900 } as const
const SIZES = { desktop: WIDE, phone: { width: 390, height: 844 } } as const

/** Also takes its pictures. The person's own size is `WIDE`. */
export async function inspect({ page, picture }: Pick<Person, 'page' | 'picture'>, name: string) {
  await picture(name)
  for (const [device, size] of Object.entries(SIZES)) {
    await page.setViewportSize(size)
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
      expect.soft(await violationsOf(page), `${name}, ${device}, ${colorScheme}`).toEqual([])
    }
    const isWider = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth)
    expect.soft(isWider, `${name} scrolls sideways on a ${device}`).toBe(false)
  }
  await page.setViewportSize(WIDE)
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' })
}
