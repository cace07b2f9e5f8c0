/** Sentences of the landing page that change while it is seen. */
import type { SignUpMode } from '@matrixos/shared'

/** The line below the name to claim. */
export const SIGN_UP: Record<SignUpMode, string> = {
  open: 'Nothing to install. A passkey is all you need.',
  invite: 'Sign-up is by invitation: have your invite code ready.',
  closed: 'Sign-up is closed at the moment. Whoever has a computer here can sign in as usual.',
}

export const UNCOUNTED = 'The live count is unavailable right now.'
export const COUNTING = 'Counting…'

/** The line below the number. */
export function caption(now: { running: number; instances: number }): string {
  const asleep = Math.max(0, now.instances - now.running)
  if (asleep > 0) return `and ${asleep.toLocaleString('en')} asleep, everything kept`
  return now.running === 0 ? 'The first light here can be yours.' : 'Every computer is awake.'
}

export const FILM = {
  play: 'Play the film',
  pause: 'Pause the film',
} as const
