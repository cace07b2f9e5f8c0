// @vitest-environment happy-dom
import { statSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { drawLanding } from './draw.tsx'

const FILM = join(import.meta.dirname, 'film')
const MOST_BYTES = 2_000_000

beforeAll(() => {
  document.body.innerHTML = drawLanding()
})

test('holds the film with a poster and captions, and never starts it by itself', () => {
  const film = document.querySelector('video')
  expect(film?.getAttribute('poster')).toMatch(/poster\.jpg$/)
  expect(film?.querySelector('track')?.getAttribute('kind')).toBe('captions')
  expect(film?.hasAttribute('autoplay')).toBe(false)
  for (const wanted of ['muted', 'playsinline', 'controls']) expect(film?.hasAttribute(wanted)).toBe(true)
  expect(film?.getAttribute('preload')).toBe('none')
})

test('keeps the film small, and about half a minute long', async () => {
  const files = ['film.webm', 'film.mp4', 'poster.jpg', 'captions.vtt'].map((name) => join(FILM, name))
  const bytes = files.reduce((sum, file) => sum + statSync(file).size, 0)
  expect(bytes).toBeLessThanOrEqual(MOST_BYTES)
  const captions = await readFile(join(FILM, 'captions.vtt'), 'utf8')
  const ends = [...captions.matchAll(/--> 00:(\d+)/g)].map(([, seconds]) => Number(seconds))
  expect(ends.length).toBeGreaterThan(3)
  expect(ends.at(-1)).toBeGreaterThan(20)
  expect(ends.at(-1)).toBeLessThanOrEqual(32)
})

test('promises nothing that is only to come', () => {
  expect(document.body.textContent).not.toMatch(/\b(coming|soon|planned|later this)\b/i)
})

test('is whole without a script: a name leads to the sign-up page', () => {
  const form = document.querySelector('form')
  expect(form?.getAttribute('action')).toBe('__APP_ORIGIN__/signup')
  expect(form?.querySelector('input')?.name).toBe('handle')
})
