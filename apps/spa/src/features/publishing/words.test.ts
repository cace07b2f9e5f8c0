import type { PublicationView } from '@matrixos/shared'
import { expect, it } from 'vitest'
import { audienceText, emojiOf, titleOf } from './words.ts'

it.each([
  ['🐍', '🐍'],
  ['👩‍🚀', '👩‍🚀'],
  ['icon.png', undefined],
  ['A', undefined],
  ['🐍 Sign in to Matrix OS', undefined],
  [undefined, undefined],
])('takes %s for the icon %s', (icon, emoji) => {
  expect(emojiOf(icon)).toBe(emoji)
})

it('proposes a title from the name of a folder', () => {
  expect(titleOf('tic-tac-toe')).toBe('Tic tac toe')
})

it('says who comes in now', () => {
  const publication: PublicationView = {
    ...{ app: 'snake', title: 'Snake', description: '', url: 'http://snake--ada.localhost' },
    ...{ mode: 'public', visitorCredits: '0.00', pictureVersion: null, publishedAt: null },
  }
  expect(audienceText(publication, true)).toBe('Open to anyone with the link')
  expect(audienceText({ ...publication, mode: 'viewers', visitorCredits: '2.50' }, true)).toBe(
    'Open to people you invited, AI up to $2.50 a month',
  )
  expect(audienceText(publication, false)).toBe('Lets nobody in while publishing is switched off')
})
