/** A name, a passkey, and a computer of one's own. */
import type { Scene } from '../scene.ts'

export const signUp: Scene = {
  name: 'sign-up',
  caption: 'Choose a name and make a passkey: your computer starts.',
  seconds: 6,
  lingerS: 0.6,
  cast: ({ owner }) => [owner],
  prepare: async ({ owner, hosts }) => {
    await owner.page.goto(`${hosts.appOrigin}/signup`)
    await owner.page.getByLabel('Handle').waitFor()
  },
  play: async ({ owner, hosts, handle }) => {
    const { page } = owner
    await owner.type(page.getByLabel('Handle'), handle)
    await page.getByText('Available', { exact: true }).waitFor()
    await owner.click(page.getByRole('button', { name: 'Create passkey' }))
    await page.waitForURL(`${hosts.instanceOrigin(handle)}/`, { timeout: 120_000 })
    await page.getByRole('heading', { name: `Welcome, ${handle}` }).waitFor({ timeout: 60_000 })
  },
}
