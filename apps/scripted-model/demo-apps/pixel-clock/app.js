// Digits of five by seven dots, row by row, as five-bit numbers.
const DIGITS = [
  [14, 17, 17, 17, 17, 17, 14],
  [4, 12, 4, 4, 4, 4, 14],
  [14, 17, 1, 2, 4, 8, 31],
  [31, 2, 4, 2, 1, 17, 14],
  [2, 6, 10, 18, 31, 2, 2],
  [31, 16, 30, 1, 1, 17, 14],
  [6, 8, 16, 30, 17, 17, 14],
  [31, 1, 2, 4, 8, 8, 8],
  [14, 17, 17, 14, 17, 17, 14],
  [14, 17, 17, 15, 1, 2, 12],
]
const PLACES = [0, 6, 14, 20]
const [WIDTH, HEIGHT] = [25, 7]

const clock = document.querySelector('#clock')
clock.setAttribute('viewBox', `-1 -1 ${WIDTH + 2} ${HEIGHT + 2}`)
const dots = Array.from({ length: WIDTH * HEIGHT }, (_, at) => {
  const dot = document.createElementNS('http://www.w3.org/2000/svg', 'circle')
  dot.setAttribute('cx', (at % WIDTH) + 0.5)
  dot.setAttribute('cy', Math.floor(at / WIDTH) + 0.5)
  dot.setAttribute('r', 0.42)
  clock.append(dot)
  return dot
})

function isLit(x, y, digits, seconds) {
  if (x === 12) return (y === 2 || y === 4) && seconds % 2 === 0
  const place = PLACES.findLastIndex((from) => x >= from && x < from + 5)
  return place >= 0 && ((DIGITS[digits[place]][y] >> (4 - x + PLACES[place])) & 1) === 1
}

function draw() {
  const now = new Date()
  const [hours, minutes] = [now.getHours(), now.getMinutes()]
  const digits = [Math.floor(hours / 10), hours % 10, Math.floor(minutes / 10), minutes % 10]
  for (const [at, dot] of dots.entries()) {
    dot.classList.toggle('lit', isLit(at % WIDTH, Math.floor(at / WIDTH), digits, now.getSeconds()))
  }
  // Around the wheel of colours once a day.
  document.documentElement.style.setProperty(
    '--hue',
    String(Math.round(((hours * 60 + minutes) / 4 + 160) % 360)),
  )
  clock.setAttribute('aria-label', `It is ${digits[0]}${digits[1]}:${digits[2]}${digits[3]}`)
  setTimeout(draw, 1000 - now.getMilliseconds())
}

draw()
