import { expect, test } from 'vitest'
import { dotsOf } from './dot-clock.tsx'

test('writes a time in lit dots', () => {
  const { dots, columns } = dotsOf('17:04')
  const rows = Array.from({ length: 7 }, (_, y) =>
    Array.from({ length: columns }, (_, x) =>
      dots.some((dot) => dot.x === x && dot.y === y + 1 && dot.isLit) ? '#' : ' ',
    )
      .join('')
      .trimEnd(),
  )
  expect(rows).toEqual([
    '   #   #####    ###     #',
    '  ##       # # #   #   ##',
    '   #      #    #   #  # #',
    '   #     #     #   # #  #',
    '   #    #      #   # #####',
    '   #    #    # #   #    #',
    '  ###   #       ###     #',
  ])
})
