import { expect, it } from 'vitest'
import { newWebhookSchema } from './webhooks.ts'

const problemsOf = (url: string) =>
  newWebhookSchema.safeParse({ url, groups: ['feed'] }).error?.issues.map(({ message }) => message) ?? []

it.each(['', 'https://', 'example.org', 'ftp://example.org/'])('asks for a whole address: %j', (url) => {
  expect(problemsOf(url)).toEqual(['Enter a whole address, such as https://example.org/hook.'])
})

it('takes an address, and none with a password in it', () => {
  expect(problemsOf('https://example.org/hook?a=b')).toEqual([])
  expect(problemsOf('https://ada:secret@example.org/')).toEqual([
    'An address with a password in it would be shown here. Deliveries are signed instead.',
  ])
})
