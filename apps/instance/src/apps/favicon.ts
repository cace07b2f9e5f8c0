/** The icon that browsers ask every site for: an app's own, where its folder holds none for them. */
import type { ServerResponse } from 'node:http'
import { type AppManifest, isIconFile } from './manifest.ts'

export const FAVICON_PATH = '/favicon.ico'

/** The file of the app's folder that is its icon; `null`: it has none. */
export const iconFileOf = ({ icon }: AppManifest): string | null =>
  icon !== undefined && isIconFile(icon) ? icon : null

/** An icon that is an emoji or a letter, drawn. Otherwise nothing, for which no browser asks again soon. */
export function sendDrawnIcon({ icon }: AppManifest, response: ServerResponse): void {
  if (icon === undefined || isIconFile(icon)) return void response.writeHead(204, CACHED).end()
  const body = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100"><text x="50" y="54" font-size="80" text-anchor="middle" dominant-baseline="middle">${escaped(icon)}</text></svg>`
  response.writeHead(200, { ...CACHED, ...DRAWING, 'content-length': Buffer.byteLength(body) }).end(body)
}

const CACHED = { 'cache-control': 'private, max-age=3600', 'x-content-type-options': 'nosniff' }
const DRAWING = { 'content-type': 'image/svg+xml', 'content-security-policy': "default-src 'none'" }
const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' }
const escaped = (text: string) => text.replaceAll(/[&<>]/g, (letter) => ENTITIES[letter] ?? '')
