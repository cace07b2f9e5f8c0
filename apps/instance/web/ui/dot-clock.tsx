/** A clock of lit dots, as the mark of the platform is made of. It moves once a minute, while it is seen. */
import { useEffect, useState } from 'react'

/** Rows of five dots, top to bottom, as five-bit numbers. */
const DIGITS: Record<string, readonly number[]> = {
  '0': [14, 17, 17, 17, 17, 17, 14],
  '1': [4, 12, 4, 4, 4, 4, 14],
  '2': [14, 17, 1, 2, 4, 8, 31],
  '3': [31, 2, 4, 2, 1, 17, 14],
  '4': [2, 6, 10, 18, 31, 2, 2],
  '5': [31, 16, 30, 1, 1, 17, 14],
  '6': [6, 8, 16, 30, 17, 17, 14],
  '7': [31, 1, 2, 4, 8, 8, 8],
  '8': [14, 17, 17, 14, 17, 17, 14],
  '9': [14, 17, 17, 15, 1, 2, 12],
}
const COLON = [0, 1, 0, 0, 0, 1, 0]
const ROWS = 7

interface LitDot {
  x: number
  y: number
  isLit: boolean
}

/** The dots of a time such as 09:41, and how many columns they take. */
export function dotsOf(time: string): { dots: LitDot[]; columns: number } {
  const dots: LitDot[] = []
  let x = 1
  for (const character of time) {
    const [width, rows] = character === ':' ? [1, COLON] : [5, DIGITS[character] ?? []]
    for (let column = 0; column < width; column++) {
      for (let row = 0; row < ROWS; row++) {
        const isLit = (((rows[row] ?? 0) >> (width - 1 - column)) & 1) === 1
        dots.push({ x: x + column, y: row + 1, isLit })
      }
    }
    x += width + 1
  }
  return { dots, columns: x - 1 }
}

export function DotClock() {
  const time = timeOf(useMinute())
  const { dots, columns } = dotsOf(time)
  return (
    <svg className="clock" viewBox={`0 0 ${columns} ${ROWS + 1}`} role="img" aria-label={`It is ${time}`}>
      {dots.map(({ x, y, isLit }) => (
        <circle key={`${x} ${y}`} cx={x} cy={y} r={isLit ? 0.4 : 0.24} className={isLit ? 'lit' : 'unlit'} />
      ))}
    </svg>
  )
}

const timeOf = (now: Date) =>
  [now.getHours(), now.getMinutes()].map((each) => String(each).padStart(2, '0')).join(':')

/** The present minute; a page that nobody sees has no clock to turn. */
export function useMinute(): Date {
  const [now, setNow] = useState(() => new Date())
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    const tick = () => {
      clearTimeout(timer)
      if (document.hidden) return
      const next = new Date()
      setNow(next)
      timer = setTimeout(tick, 60_000 - (next.getTime() % 60_000))
    }
    document.addEventListener('visibilitychange', tick)
    tick()
    return () => {
      clearTimeout(timer)
      document.removeEventListener('visibilitychange', tick)
    }
  }, [])
  return now
}
