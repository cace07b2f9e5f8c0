// @vitest-environment happy-dom
// @vitest-environment-options { "url": "http://app.localhost/" }
/** The pages of publishing: what each shows, and what each click asks of the platform. */
import type { PublicationView } from '@matrixos/shared'
import { screen, within } from '@testing-library/react'
import { expect, test } from 'vitest'
import { fails, OFFLINE, SILENT } from '../../testing/api.ts'
import { renderPage } from '../../testing/render-page.tsx'
import { startsTestApis } from '../../testing/start-api.ts'
import { CARLA } from '../../testing/views.ts'

const start = startsTestApis()
const instanceId = 'ins_00000000000000000000000000'
const SNAKE: PublicationView = {
  ...{ app: 'snake', mode: 'public', title: 'Snake', description: 'For two.', visitorCredits: '2.50' },
  ...{ url: 'http://snake--carla.localhost', pictureVersion: 'v1' },
  publishedAt: '2026-01-01T00:00:00.000Z',
}
const TERMS = {
  ...{ instanceId, app: 'snake', mode: 'public', title: 'Snake' },
  ...{ description: 'For two.', visitorCredits: '2.50' },
}
const view = (...publications: PublicationView[]) => ({ isAllowed: true, publications })
const { publishedAt: _, ...past } = SNAKE
const UNPUBLISHED = { ...past, publishedAt: null }

test('publishes with what the link proposes, for nothing, until its owner says otherwise', async () => {
  const api = start({ 'publishing.publish': view(SNAKE) })
  const { user } = renderPage('/publish?app=snake&handle=carla&title=Snakes&description=Long.')
  await screen.findByRole('heading', { name: 'Publish Snakes' })
  await screen.findByText(/not to your terminal/)
  await user.click(screen.getByRole('button', { name: 'Publish' }))
  await screen.findByRole('heading', { name: 'Snake is published' })
  expect(api.inputsOf('publishing.publish')).toEqual([
    { ...TERMS, title: 'Snakes', description: 'Long.', visitorCredits: '0' },
  ])
  screen.getByRole('img', { name: 'QR code of http://snake--carla.localhost' })
})

test('a refusal stands at the button, and nothing typed is lost', async () => {
  const api = start({ 'publishing.publish': OFFLINE })
  const { user } = renderPage('/publish?app=snake')
  const title = await screen.findByLabelText('Title')
  await user.clear(title)
  await screen.findByText('Enter a title.')
  await user.click(screen.getByRole('button', { name: 'Publish' }))
  expect(api.inputsOf('publishing.publish')).toEqual([])
  await user.type(title, 'Mine')
  await user.click(screen.getByLabelText('People you invited'))
  await user.click(screen.getByRole('button', { name: 'Publish' }))
  await screen.findByText(/isn’t answering/)
  api.set('publishing.publish', fails('conflict', 'A computer can have 50 published apps at most.'))
  await user.click(screen.getByRole('button', { name: 'Publish' }))
  await screen.findByText(/50 published apps/)
  expect(api.inputsOf('publishing.publish')).toMatchObject(Array(2).fill({ title: 'Mine', mode: 'viewers' }))
  expect(screen.getByLabelText<HTMLInputElement>('Title').value).toBe('Mine')
})

test('what is published is changed, not published again', async () => {
  const api = start({ 'publishing.list': view(SNAKE), 'publishing.update': view({ ...SNAKE, title: 'Boa' }) })
  const { user } = renderPage('/publish?app=snake&title=Ignored')
  await screen.findByRole('heading', { name: 'Snake is published' })
  const save = screen.getByRole('button', { name: 'Save changes' })
  await user.click(save)
  const title = screen.getByLabelText('Title')
  await user.clear(title)
  await user.type(title, 'Boa')
  await user.click(save)
  await screen.findByRole('heading', { name: 'Boa is published' })
  expect(api.inputsOf('publishing.update')).toEqual([{ ...TERMS, title: 'Boa' }])
})

test('unpublishing takes one click, and undo publishes it as it was', async () => {
  const api = start({
    'publishing.list': view(SNAKE, { ...UNPUBLISHED, app: 'pong', title: 'Pong' }),
    'publishing.unpublish': view(UNPUBLISHED),
    'publishing.publish': view(SNAKE),
  })
  const { user } = renderPage('/settings/apps')
  await screen.findByText('Open to anyone with the link, AI up to $2.50 a month')
  expect(screen.queryByText('Pong')).toBeNull()
  await user.click(screen.getByRole('button', { name: 'Unpublish Snake' }))
  await screen.findByText('Nothing is published')
  await user.click(screen.getByRole('button', { name: 'Undo' }))
  await screen.findByRole('button', { name: 'Unpublish Snake' })
  expect(api.inputsOf('publishing.unpublish')).toEqual([{ instanceId, app: 'snake' }])
  expect(api.inputsOf('publishing.publish')).toEqual([TERMS])
})

test.each(['/publish?app=snake', '/settings/apps'])(
  '%s loads, says what fails, and tries again',
  async (path) => {
    const api = start({ 'publishing.list': OFFLINE })
    const { user } = renderPage(path)
    await screen.findByText('What you publish could not be loaded')
    api.set('publishing.list', view(SNAKE))
    await user.click(screen.getByRole('button', { name: 'Try again' }))
    await screen.findAllByText(/Open to anyone with the link/)
  },
)

test('while the answer takes its time, nothing is claimed', async () => {
  start({ 'publishing.list': SILENT })
  const { container } = renderPage('/publish?app=snake')
  await screen.findByRole('heading', { name: 'Publish Snake' })
  expect(container.querySelector('[aria-busy="true"]')).not.toBeNull()
  expect(screen.queryByRole('button', { name: 'Publish' })).toBeNull()
})

test.each([
  ['/publish', 'Which app?'],
  ['/publish?app=Snake!', 'Which app?'],
  ['/publish?app=snake&handle=bob', 'This app is somebody else’s'],
])('%s: %s', async (path, title) => {
  start()
  renderPage(path)
  await screen.findByRole('heading', { name: title })
})

test('switched off, it says who can change that, and leads an administrator there', async () => {
  const setting = { updatedAt: null, updatedBy: null }
  const off = { value: 'off', default: 'off', ...setting }
  start({
    'auth.session': { ...CARLA, role: 'admin' },
    'publishing.list': { isAllowed: false, publications: [SNAKE] },
    'admin.settings.get': {
      sign_up: { value: 'open', default: 'open', ...setting },
      proof_of_work: { value: 'auto', default: 'auto', ...setting },
      publishing: off,
    },
  })
  const { user } = renderPage('/settings/apps')
  await screen.findByText('Lets nobody in while publishing is switched off')
  await user.click(await screen.findByRole('link', { name: 'switch it on' }))
  const group = await screen.findByRole('group', { name: 'Publishing apps' })
  await user.click(within(group).getByLabelText('On'))
  const dialog = await screen.findByRole('dialog')
  within(dialog).getByText(/sign out whoever opens it while signed in/)
  within(dialog).getByText(/INSTANCE_DOMAIN/)
})
