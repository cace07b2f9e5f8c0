import { expect, test } from 'vitest'
import { createDrafts } from './drafts.ts'

function memory() {
  const values = new Map<string, string>()
  return {
    getItem: (key: string) => values.get(key) ?? null,
    setItem: (key: string, value: string) => void values.set(key, value),
    removeItem: (key: string) => void values.delete(key),
  }
}

test('restores a sign-up under way until it is done', () => {
  const tab = memory()
  const drafts = createDrafts(() => tab, memory)
  expect(drafts.readSignUp()).toBeNull()
  drafts.saveSignUp({ handle: 'ada', invite: 'k7mq', qrShown: false })
  expect(drafts.readSignUp()).toEqual({ handle: 'ada', invite: 'k7mq', qrShown: false })
  drafts.forgetSignUp()
  expect(drafts.readSignUp()).toBeNull()
})

test('ignores what somebody else wrote there', () => {
  const tab = memory()
  tab.setItem('mos.signup', '{"handle":5}')
  expect(createDrafts(() => tab, memory).readSignUp()).toBeNull()
  tab.setItem('mos.signup', '{broken')
  expect(createDrafts(() => tab, memory).readSignUp()).toBeNull()
})

test('awaits a first start only for the handle that signed up', () => {
  const device = memory()
  const drafts = createDrafts(memory, () => device)
  drafts.expectFirstStart('ada')
  expect(drafts.awaitsFirstStart('ada')).toBe(true)
  expect(drafts.awaitsFirstStart('bob')).toBe(false)
  drafts.sawFirstStart()
  expect(drafts.awaitsFirstStart('ada')).toBe(false)
})

test('merely forgets when the browser forbids storage', () => {
  const forbidden = () => {
    throw new DOMException('No storage here.', 'SecurityError')
  }
  const drafts = createDrafts(forbidden, forbidden)
  drafts.saveSignUp({ handle: 'ada', invite: '', qrShown: false })
  drafts.expectFirstStart('ada')
  expect(drafts.readSignUp()).toBeNull()
  expect(drafts.awaitsFirstStart('ada')).toBe(false)
})
