/** What was written is an app, with an origin of its own. */
import type { Scene } from '../scene.ts'

export const open: Scene = {
  name: 'open',
  caption: 'It is an app on your desk, at an address of its own.',
  seconds: 5,
  lingerS: 0.4,
  cast: ({ owner }) => [owner],
  play: async ({ owner }) => {
    const { page } = owner
    await owner.click(page.getByRole('button', { name: 'Open Tic-tac-toe' }))
    await page.frameLocator('iframe[title="Tic-tac-toe"]').locator('#board button').first().waitFor()
    await owner.click(page.getByRole('button', { name: 'More for Tic-tac-toe' }).last())
    const opened = page.context().waitForEvent('page')
    await owner.click(page.getByRole('menuitem', { name: 'Publish…' }))
    owner.turnTo(await opened)
  },
}
