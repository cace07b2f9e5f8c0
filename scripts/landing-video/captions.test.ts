import { expect, test } from 'vitest'
import { webVtt } from './captions.ts'

test('lets one caption follow the other', () => {
  const text = webVtt([
    { seconds: 5.48, text: 'Choose a name.' },
    { seconds: 60, text: 'Ask for a game.' },
  ])
  expect(text).toBe(
    'WEBVTT\n\n00:00.000 --> 00:05.480\nChoose a name.\n\n00:05.480 --> 01:05.480\nAsk for a game.\n',
  )
})
