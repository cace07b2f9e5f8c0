/** The owner publishes it, on the platform. */
import type { Scene } from '../scene.ts'

export const publish: Scene = {
  name: 'publish',
  caption: 'Publish it with one click: whoever has the link may play, without an account.',
  seconds: 5,
  lingerS: 1.4,
  cast: ({ owner }) => [owner],
  prepare: async ({ owner }) => {
    await owner.page.getByRole('heading', { name: /^Publish Tic.tac.toe/ }).waitFor()
  },
  play: async ({ owner }) => {
    const { page } = owner
    await owner.read(page.getByText('They open and use this app'))
    await owner.read(page.getByText('They get nowhere else'))
    await owner.click(page.getByRole('button', { name: 'Publish', exact: true }))
    await page.getByRole('heading', { name: /^Tic.tac.toe is published/ }).waitFor()
  },
}
