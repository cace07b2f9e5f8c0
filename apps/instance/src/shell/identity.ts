/** What makes a computer one's own on a home screen: its icon, drawn from its handle, and its name. */
import { promisify } from 'node:util'
import { pngOf } from './icon/png.ts'
import { iconOf } from './icon/shapes.ts'
import { svgOf } from './icon/svg.ts'

export interface Drawn {
  type: string
  body: Buffer
}

interface Picture {
  side: number
  bleed: boolean
}

const PICTURES: Record<string, Picture> = {
  '/icon-192.png': { side: 192, bleed: false },
  '/icon-512.png': { side: 512, bleed: false },
  '/icon-maskable-192.png': { side: 192, bleed: true },
  '/icon-maskable-512.png': { side: 512, bleed: true },
  '/apple-touch-icon.png': { side: 180, bleed: true },
}

/** `null`: not a file of this kind. */
export async function drawIdentity(path: string, handle: string): Promise<Drawn | null> {
  if (path === '/icon.svg') {
    return { type: 'image/svg+xml; charset=utf-8', body: Buffer.from(svgOf(iconOf(handle, false))) }
  }
  if (path === '/app.webmanifest') {
    return {
      type: 'application/manifest+json; charset=utf-8',
      body: Buffer.from(JSON.stringify(manifestOf(handle))),
    }
  }
  const picture = Object.hasOwn(PICTURES, path) ? PICTURES[path] : undefined
  if (!picture) return null
  const { deflate } = await import('node:zlib')
  const body = await pngOf(iconOf(handle, picture.bleed), picture.side, promisify(deflate))
  return { type: 'image/png', body }
}

const manifestOf = (handle: string) => ({
  id: '/',
  name: `${handle}’s computer`,
  short_name: handle,
  description: 'A computer of one’s own, on the web.',
  start_url: '/',
  scope: '/',
  display: 'standalone',
  background_color: '#0e1311',
  theme_color: '#0e1311',
  icons: [
    { src: '/icon.svg', sizes: 'any', type: 'image/svg+xml', purpose: 'any' },
    ...Object.entries(PICTURES)
      .filter(([src]) => src.startsWith('/icon-'))
      .map(([src, { side, bleed }]) => ({
        src,
        sizes: `${side}x${side}`,
        type: 'image/png',
        purpose: bleed ? 'maskable' : 'any',
      })),
  ],
})
