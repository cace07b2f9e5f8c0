/** The owner publishes it, on the platform. */
import type { Scene } from '../scene.ts'

export const publish: Scene = {
  name: 'publish',
  caption: 'Publish it with one click: whoever has the link may play, without an account.',
  seconds: 6,
  cast: ({ owner }) => [owner],
  play: async ({ owner }) => {
    const { page } = owner
    await owner.click(page.getByRole('button', { name: 'More for Tic-tac-toe' }))
    const opened = page
      .context()
      .waitForEvent('page', { timeout: 3_000 })
      .catch(() => null)
    await owner.click(page.getByRole('menuitem', { name: 'Publish…' }))
    const tab = await opened
    if (tab) throw new Error('Publishing opened a tab of its own, which no camera sees.')
    await owner.click(page.getByRole('button', { name: 'Publish', exact: true }))
    await page.getByRole('heading', { name: 'Tic-tac-toe is published' }).waitFor()
  },
}
