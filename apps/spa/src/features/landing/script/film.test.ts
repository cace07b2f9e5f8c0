// @vitest-environment happy-dom
import { beforeEach, expect, test, vi } from 'vitest'
import { drawLanding } from '../draw.tsx'
import { startFilm } from './film.ts'

let seen: (isIntersecting: boolean) => void = () => undefined
const play = vi.fn()
const pause = vi.fn()

beforeEach(() => {
  vi.stubGlobal(
    'IntersectionObserver',
    class {
      constructor(tell: (entries: { isIntersecting: boolean }[]) => void) {
        seen = (isIntersecting) => tell([{ isIntersecting }])
      }
      observe() {}
    },
  )
  document.body.innerHTML = drawLanding()
  let isPaused = true
  Object.defineProperty(film(), 'paused', { get: () => isPaused })
  play.mockReset().mockImplementation(async () => {
    isPaused = false
    film().dispatchEvent(new Event('play'))
  })
  pause.mockReset().mockImplementation(() => {
    isPaused = true
    film().dispatchEvent(new Event('pause'))
  })
  Object.assign(film(), { play, pause })
})

function film(): HTMLVideoElement {
  const found = document.querySelector('video')
  if (!found) throw new Error('There is no film.')
  return found
}
const button = () => document.querySelector<HTMLButtonElement>('[data-film-button]')

/** Starts the film for somebody who wants less motion, or not. What it returns: they change their mind. */
function start(wantsLess: boolean) {
  const wish = Object.assign(new EventTarget(), { matches: wantsLess })
  startFilm(document, wish)
  return (now: boolean) => {
    wish.matches = now
    wish.dispatchEvent(new Event('change'))
  }
}

test('never plays by itself where motion is not welcome, but on request', () => {
  start(true)
  seen(true)
  expect(play).not.toHaveBeenCalled()
  expect(button()?.textContent).toBe('Play the film')
  button()?.click()
  expect(play).toHaveBeenCalledOnce()
  expect(button()?.textContent).toBe('Pause the film')
})

test('plays while it is seen, and stops when it is not', () => {
  start(false)
  expect(play).not.toHaveBeenCalled()
  seen(true)
  expect(play).toHaveBeenCalledOnce()
  seen(false)
  expect(film().paused).toBe(true)
})

test('stays stopped once a visitor stopped it, however often it comes into view', () => {
  start(false)
  seen(true)
  button()?.click()
  seen(false)
  seen(true)
  expect(play).toHaveBeenCalledOnce()
  expect(film().paused).toBe(true)
})

test('stops when less motion is asked for meanwhile', () => {
  const ask = start(false)
  seen(true)
  ask(true)
  expect(film().paused).toBe(true)
})
