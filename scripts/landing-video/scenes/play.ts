/** Two browsers, one game: its owner's and that of somebody without an account. */
import type { Page } from 'playwright-core'
import { HALF, type Scene } from '../scene.ts'

const cell = (page: Page, row: number, column: number) =>
  page.getByRole('button', { name: `Row ${row}, column ${column}: empty` })

/** X begins and wins; O is the stranger. */
const MOVES = [
  [2, 2],
  [1, 1],
  [1, 3],
  [3, 1],
  [2, 1],
  [3, 3],
  [2, 3],
] as const

export const play: Scene = {
  name: 'play',
  caption: 'Two browsers, one game. When everybody has left, the computer sleeps.',
  seconds: 6,
  lingerS: 2,
  isPoster: true,
  cast: ({ owner, stranger }) => [owner, stranger],
  prepare: async ({ owner, stranger, hosts, handle }) => {
    const url = hosts.instanceAppOrigin(handle, 'tic-tac-toe')
    // Their computer, still open in another tab, would have a seat at the table, too.
    for (const other of owner.page.context().pages()) if (other !== owner.page) await other.close()
    for (const { page } of [owner, stranger]) {
      await page.setViewportSize(HALF)
      await page.goto(url)
      await cell(page, 1, 1).waitFor()
    }
  },
  play: async ({ owner, stranger }) => {
    for (const [index, [row, column]] of MOVES.entries()) {
      const player = index % 2 === 0 ? owner : stranger
      const other = player === owner ? stranger : owner
      await player.click(cell(player.page, row, column))
      await cell(other.page, row, column).waitFor({ state: 'detached' })
    }
    await owner.page.getByText('You win!').waitFor()
  },
}
