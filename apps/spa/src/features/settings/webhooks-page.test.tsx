// @vitest-environment happy-dom
// @vitest-environment-options { "url": "http://app.localhost/" }
/** Webhooks: adding one, the secret that is shown once, and what is refused. */
import type { WebhookView } from '@matrixos/shared'
import { screen } from '@testing-library/react'
import { expect, test } from 'vitest'
import { fails } from '../../testing/api.ts'
import { renderPage } from '../../testing/render-page.tsx'
import { startsTestApis } from '../../testing/start-api.ts'

const start = startsTestApis()
const URL_ = 'https://example.org/hook'
const view: WebhookView = {
  ...{ id: 'whk_00000000000000000000000001', url: URL_, groups: ['computer'] },
  ...{ createdAt: '2026-01-01T00:00:00.000Z', last: null },
}

async function openForm() {
  const { user } = renderPage('/settings/webhooks')
  await user.click(await screen.findByRole('button', { name: 'Add webhook' }))
  const dialog = await screen.findByRole('dialog', { name: 'Add a webhook' })
  const address = screen.getByRole('textbox', { name: 'Address' })
  const add = () => user.click(screen.getByRole('button', { name: 'Add webhook' }))
  return { user, dialog, address, add }
}

test('a webhook is added for what was chosen, and its secret is shown once', async () => {
  const api = start({
    'webhooks.list': [],
    'webhooks.deliveries': { deliveries: [], nextCursor: null },
    'webhooks.create': { secret: 'whsec_once', view },
  })
  const { user, address, add } = await openForm()
  await user.type(address, URL_)
  await add()
  await screen.findByText('whsec_once')
  expect(api.inputsOf('webhooks.create')).toEqual([{ url: URL_, groups: ['computer'] }])
  await user.click(screen.getByRole('button', { name: 'Done, I have copied it' }))
  expect(screen.queryByText('whsec_once')).toBeNull()
  await screen.findByText(URL_)
})

test('what is no whole address is not sent, and what the api refuses stays in its field', async () => {
  const api = start({
    'webhooks.list': [],
    'webhooks.create': fails('invalid_input', 'This address leads to a private network.'),
  })
  const { user, address, add } = await openForm()
  await user.type(address, 'example.org')
  await add()
  expect(api.inputsOf('webhooks.create')).toEqual([])
  await user.clear(address)
  await user.type(address, URL_)
  await add()
  await screen.findByText('This address leads to a private network.')
  expect(screen.getByRole<HTMLInputElement>('textbox', { name: 'Address' }).value).toBe(URL_)
})
