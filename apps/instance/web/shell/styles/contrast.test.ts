/** Every accent that a person can choose keeps the contrast that reading takes (WCAG 2.2, 1.4.3: 4.5 to 1). */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const css = readFileSync(join(import.meta.dirname, 'index.css'), 'utf8')

type Scheme = 'light' | 'dark'
type Rgb = [number, number, number]

/** Linear light of a token, clipped to what screens show, as browsers do. */
function colour(token: string, scheme: Scheme, hue: number): Rgb {
  const value = new RegExp(`--${token}: (.*);`).exec(css)?.[1] ?? ''
  const parts = [...value.matchAll(/oklch\(([^()]*(?:\([^)]*\))?[^()]*)\)/g)].map((match) => match[1] ?? '')
  const chosen = (parts.length > 1 && scheme === 'dark' ? parts[1] : parts[0])?.replace(
    'var(--hue)',
    `${hue}`,
  )
  const [l = Number.NaN, c = Number.NaN, h = Number.NaN] = (chosen ?? '').split(' ').map(Number)
  return linearOf(l, c, (h * Math.PI) / 180)
}

/** Björn Ottosson's OKLab, from its definition. */
function linearOf(lightness: number, chroma: number, angle: number): Rgb {
  const [a, b] = [chroma * Math.cos(angle), chroma * Math.sin(angle)]
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3
  const clip = (value: number) => Math.min(1, Math.max(0, value))
  return [
    clip(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
    clip(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
    clip(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s),
  ]
}

const luminance = ([r, g, b]: Rgb) => 0.2126 * r + 0.7152 * g + 0.0722 * b
function contrast(one: Rgb, other: Rgb): number {
  const [high = 0, low = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a)
  return (high + 0.05) / (low + 0.05)
}

const PAIRS = [
  ['accent', 'paper'],
  ['accent', 'surface'],
  ['accent', 'sunken'],
  ['on-accent', 'accent'],
  ['on-accent', 'accent-hover'],
  ['ink', 'accent-soft'],
  ['screen-lit', 'screen'],
] as const

test.each(PAIRS)('%s on %s, at every angle, by day and by night', (front, back) => {
  for (const scheme of ['light', 'dark'] as const) {
    for (let hue = 0; hue < 360; hue++) {
      const reached = contrast(colour(front, scheme, hue), colour(back, scheme, hue))
      expect(reached, `${scheme} ${hue}`).toBeGreaterThanOrEqual(4.5)
    }
  }
})
