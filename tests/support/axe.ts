/** Accessibility rules, checked on what a page shows now. */
import axe from 'axe-core'
import type { Page } from 'playwright-core'
import { SHOWN_MS, settled } from './chromium.ts'

/**
 * One line for each broken rule, with the first element that breaks it. The page's own policy does not stop the check. In
 * the dark scheme only colours are judged: whoever asks there asks in the light one too, where all else is the same.
 */
export async function violationsOf(page: Page): Promise<string[]> {
  // What is not there yet breaks no rule. A page without a heading says so, or has a dialog in front.
  await page
    .locator('h1, [role=alert], [role=dialog], dialog[open]')
    .first()
    .waitFor({ state: 'attached', timeout: SHOWN_MS })
    .catch(() => undefined)
  // Colours on their way from one scheme to the other have no contrast to judge.
  await page.evaluate(settled)
  // Left open: closing a session takes the page's virtual authenticator along.
  const session = await page.context().newCDPSession(page)
  if (!(await page.evaluate(() => 'axe' in window)))
    await session.send('Runtime.evaluate', { expression: `${axe.source}; undefined` })
  return page.evaluate(async () => {
    const { axe: checker } = window as unknown as { axe: typeof axe }
    // What holds is not of interest: it need not be described. Nor are style sheets fetched, which no rule here reads and
    // which would wake a computer that sleeps.
    const isDark = matchMedia('(prefers-color-scheme: dark)').matches
    const { violations } = await checker.run({
      ...{ resultTypes: ['violations'], preload: false },
      ...(isDark && { runOnly: ['color-contrast', 'link-in-text-block'] }),
    })
    return violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)
  })
}
