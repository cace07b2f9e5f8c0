/** What a link to a profile or a post shows of it in other places: as a stranger sees it, and nothing of what is not for all. */
import {
  feedItemViewSchema,
  type Hosts,
  idSchema,
  normalizeHandle,
  publicPersonSchema,
} from '@matrixos/shared'
import { happening } from '../src/features/feed/words.ts'
import type { AskApi } from './ask-api.ts'

export interface Preview {
  type: 'profile' | 'article'
  title: string
  description: string
  /** Where strangers read it. */
  url: string
  imageUrl: string | null
}

/** `nobody`: there is none that a stranger may see. `unknown`: the api does not say, or the page is of another kind. */
export type Found = Preview | 'nobody' | 'unknown'

export interface PreviewsOptions {
  ask: AskApi
  hosts: Pick<Hosts, 'landingOrigin' | 'appOrigin'>
}

/** What fits: others cut where they like. */
const CHARS = 200

const PROFILE = /^\/@([^/]+)$/
const ITEM = /^\/feed\/([^/]+)$/

function short(text: string): string {
  const characters = [...text.replace(/\s+/g, ' ').trim()]
  return characters.length <= CHARS ? characters.join('') : `${characters.slice(0, CHARS - 1).join('')}…`
}

function decoded(segment: string): string | null {
  try {
    return decodeURIComponent(segment)
  } catch {
    return null
  }
}

export function createPreviews({ ask, hosts }: PreviewsOptions) {
  async function ofPerson(segment: string, address: string): Promise<Found> {
    const handle = normalizeHandle(decoded(segment) ?? '')
    if (handle === '') return 'nobody'
    const answer = await ask(`/users/${encodeURIComponent(handle)}/profile`, address)
    if (answer === null) return 'nobody'
    const person = publicPersonSchema.parse(answer)
    return {
      ...{ type: 'profile', title: `${person.displayName} (@${person.handle})`, imageUrl: person.avatarUrl },
      description: short(person.bio) || `${person.displayName} is on Matrix OS.`,
      url: `${hosts.landingOrigin}/@${person.handle}`,
    }
  }

  async function ofItem(segment: string, address: string): Promise<Found> {
    const id = idSchema('itm').safeParse(segment)
    const answer = id.success ? await ask(`/feed/${id.data}`, address) : null
    if (answer === null) return 'nobody'
    const item = feedItemViewSchema.parse(answer)
    const { author, text } = item
    return {
      ...{ type: 'article', title: `${author.displayName} on Matrix OS`, imageUrl: author.avatarUrl },
      description: short([happening(item), text].filter(Boolean).join('. ')),
      url: `${hosts.appOrigin}/feed/${item.id}`,
    }
  }

  /** Never throws: a page is there with or without it. */
  return async (pathname: string, address: string): Promise<Found> => {
    const [, person] = PROFILE.exec(pathname) ?? []
    const [, item] = ITEM.exec(pathname) ?? []
    try {
      if (person !== undefined) return await ofPerson(person, address)
      return item === undefined ? 'unknown' : await ofItem(item, address)
    } catch {
      return 'unknown'
    }
  }
}

export type Previews = ReturnType<typeof createPreviews>
