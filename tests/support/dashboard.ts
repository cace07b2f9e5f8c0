/** What a person does with their computer on the dashboard, which is open. */
import type { Page } from 'playwright-core'

/** The state in a word. The buttons are no sign of it: a computer can be woken while it still stops, and then never did. */
export const showsState = (page: Page, label: string, timeoutMs = 60_000): Promise<void> =>
  page.getByRole('status').getByText(label, { exact: true }).first().waitFor({ timeout: timeoutMs })

export async function putToSleep(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Sleep' }).click()
  await showsState(page, 'Asleep')
}
