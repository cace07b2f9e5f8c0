/** The AI is asked for a game, and writes it. */
import type { Scene } from '../scene.ts'

export const ask: Scene = {
  name: 'ask',
  caption: 'Ask the AI that lives in it for a game. It writes the files before your eyes.',
  seconds: 8,
  lingerS: 0.6,
  cast: ({ owner }) => [owner],
  play: async ({ owner }) => {
    const { page } = owner
    await owner.click(page.getByRole('navigation', { name: 'Parts' }).getByRole('button', { name: 'Chat' }))
    await owner.type(page.getByLabel('Message', { exact: true }), 'Build me a tic-tac-toe game for two')
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: 'Open Tic-tac-toe' }).waitFor({ timeout: 120_000 })
  },
}
