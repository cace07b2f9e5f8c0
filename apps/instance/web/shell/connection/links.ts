/**
 * Every connection of the page follows its person: it wakes when they act, comes back when they look, and lets go when
 * they are away. Parts open theirs with `openLink`.
 */
import { ASLEEP } from '../../../src/protocol.ts'
import { glimpse } from './glimpse.ts'
import { createLink, type Link, type LinkOptions } from './link.ts'

export type Follower = Pick<Link, 'state' | 'wake' | 'resume' | 'rest'>

const followers = new Set<Follower>()

/** Returns what takes it out again. */
function joinLinks(follower: Follower): () => void {
  followers.add(follower)
  return () => void followers.delete(follower)
}

export const everyLink = (act: (link: Follower) => void): void => {
  for (const follower of followers) act(follower)
}

export interface OwnLink extends Link {
  /** Closes for good. */
  end(): void
}

export interface OpenLinkOptions extends Pick<LinkOptions, 'onMessage' | 'onBytes' | 'onState'> {
  /** Path and query, asked at each attempt. */
  path: () => string
  isNeeded?: () => boolean
}

/** Connects at once: whoever opens a part acts. */
export function openLink({ path, isNeeded = () => false, onState, ...on }: OpenLinkOptions): OwnLink {
  const link = createLink({
    url: () => `${location.origin.replace(/^http/, 'ws')}${path()}`,
    asleepReason: ASLEEP,
    isNeeded,
    ...on,
    onState: (state) => {
      onState(state)
      // Woken for what this one had to deliver: then it is awake for all.
      if (state === 'open') everyLink((other) => other.state === 'asleep' && other.resume())
    },
    glimpse,
  })
  const leave = joinLinks(link)
  link.wake()
  return Object.assign(link, {
    end() {
      leave()
      link.rest()
    },
  })
}
