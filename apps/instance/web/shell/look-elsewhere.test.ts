import { expect, test, vi } from 'vitest'
import { type Look, NEW_SHELL } from '../../src/shell/look.ts'
import { createLookElsewhere } from './look-elsewhere.ts'

const hue = (degrees: number): Look => ({ ...NEW_SHELL.look, hue: degrees })

function elsewhere() {
  const [show, choice] = [vi.fn<(look: Look) => void>(), { isHere: false }]
  return { show, choice, ...createLookElsewhere({ isChosenHere: () => choice.isHere, show }) }
}

test('shows what another page has chosen', () => {
  const { hear, show } = elsewhere()
  hear(hue(10))
  hear(hue(20))
  expect(show.mock.calls).toEqual([[hue(10)], [hue(20)]])
})

test('leaves what was chosen here, which the home will hear next', () => {
  const { hear, show, choice } = elsewhere()
  choice.isHere = true
  hear(hue(10))
  choice.isHere = false
  hear(hue(20))
  expect(show.mock.calls).toEqual([[hue(20)]])
})

test('waits for all of its own that are on their way, and shows what the home heard last', async () => {
  const { hear, sending, show } = elsewhere()
  const [first, second] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const sent = [sending(first.promise), sending(second.promise)]
  hear(hue(10))
  first.resolve()
  await sent[0]
  expect(show).not.toHaveBeenCalled()
  hear(hue(20))
  hear(hue(30))
  second.resolve()
  await sent[1]
  expect(show.mock.calls).toEqual([[hue(30)]])
})

test('forgets what came before a choice that could not be kept', async () => {
  const { hear, sending, show, choice } = elsewhere()
  const sent = Promise.withResolvers<void>()
  const done = sending(sent.promise)
  hear(hue(10))
  choice.isHere = true
  sent.resolve()
  await done
  choice.isHere = false
  hear(hue(20))
  expect(show.mock.calls).toEqual([[hue(20)]])
})
