/** The icon as SVG. */
import { GLASS, type IconShapes } from './shapes.ts'

const SIDE = 64
const n = (part: number) => Number((part * SIDE).toFixed(2))

export function svgOf({ circles, corner }: IconShapes): string {
  const dots = circles.map(
    ({ x, y, r, color }) => `<circle cx="${n(x)}" cy="${n(y)}" r="${n(r)}" fill="${color}"/>`,
  )
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${SIDE} ${SIDE}">`,
    `<rect width="${SIDE}" height="${SIDE}" rx="${n(corner)}" fill="${GLASS}"/>`,
    ...dots,
    '</svg>',
  ].join('')
}
