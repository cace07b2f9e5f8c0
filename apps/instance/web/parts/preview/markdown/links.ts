/** Where a link or a picture in a text leads: to another file of the home, out into the web, or nowhere. */
import { join, parentOf } from '../../files/model/path.ts'

export type Destination = { kind: 'web'; href: string } | { kind: 'home'; path: string } | null

const SCHEME = /^[a-z][a-z0-9+.-]*:/i
const OUTWARD = ['http:', 'https:', 'mailto:']

/** `from`: the file that the text is in. */
export function destinationOf(link: string, from: string): Destination {
  if (link.startsWith('//')) return { kind: 'web', href: `https:${link}` }
  const scheme = SCHEME.exec(link)?.[0].toLowerCase()
  if (scheme !== undefined) return OUTWARD.includes(scheme) ? { kind: 'web', href: link } : null
  const [bare = ''] = link.split(/[?#]/, 1)
  if (bare === '') return null
  const path = resolve(decoded(bare), bare.startsWith('/') ? '' : parentOf(from))
  return path === null || path === '' ? null : { kind: 'home', path }
}

/** `null`: it leads out of the home. */
function resolve(way: string, folder: string): string | null {
  if (way.includes('\0')) return null
  const steps: string[] = []
  for (const step of join(folder, way).split('/')) {
    if (step === '' || step === '.') continue
    if (step !== '..') steps.push(step)
    else if (steps.pop() === undefined) return null
  }
  return steps.join('/')
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
