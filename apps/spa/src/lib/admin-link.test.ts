import { expect, test } from 'vitest'
import { createAdminLink } from './admin-link.ts'

test('outlives a page load, and is forgotten once used', () => {
  const stored = new Map<string, string>()
  const store = {
    getItem: (key: string) => stored.get(key) ?? null,
    setItem: (key: string, value: string) => void stored.set(key, value),
    removeItem: (key: string) => void stored.delete(key),
  }
  createAdminLink(() => store).keep('secret')
  const next = createAdminLink(() => store)
  expect(next.read()).toBe('secret')
  next.forget()
  expect(next.read()).toBeNull()
  expect(stored.size).toBe(0)
})

test('works for this page where the browser forbids storage', () => {
  const link = createAdminLink(() => {
    throw new Error('forbidden')
  })
  link.keep('secret')
  expect(link.read()).toBe('secret')
  link.forget()
  expect(link.read()).toBeNull()
})
