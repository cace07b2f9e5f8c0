/** A clock of lit dots, as the mark of the platform is made of. It moves once a minute, while it is seen. */

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
const SVG = 'http://www.w3.org/2000/svg'
const ROWS = 7

export function startClock(element: HTMLElement): void {
  let timer: ReturnType<typeof setTimeout> | undefined
  const tick = () => {
    clearTimeout(timer)
    if (document.hidden) return
    const now = new Date()
    const time = `${String(now.getHours()).padStart(2, '0')}:${String(now.getMinutes()).padStart(2, '0')}`
    element.replaceChildren(draw(time))
    timer = setTimeout(tick, 60_000 - (now.getTime() % 60_000))
  }
  document.addEventListener('visibilitychange', tick)
  tick()
}

function draw(time: string): SVGElement {
  const svg = document.createElementNS(SVG, 'svg')
  let x = 1
  for (const character of time) {
    const [width, rows] = character === ':' ? [1, COLON] : [5, DIGITS[character] ?? []]
    for (let column = 0; column < width; column++) {
      for (let row = 0; row < ROWS; row++) {
        const dot = document.createElementNS(SVG, 'circle')
        const lit = ((rows[row] ?? 0) >> (width - 1 - column)) & 1
        const place = { cx: x + column, cy: row + 1, r: lit ? 0.4 : 0.24 }
        for (const [name, value] of Object.entries(place)) dot.setAttribute(name, String(value))
        dot.setAttribute('class', lit ? 'lit' : 'unlit')
        svg.append(dot)
      }
    }
    x += width + 1
  }
  svg.setAttribute('viewBox', `0 0 ${x - 1} ${ROWS + 1}`)
  svg.setAttribute('role', 'img')
  svg.setAttribute('aria-label', `It is ${time}`)
  return svg
}
