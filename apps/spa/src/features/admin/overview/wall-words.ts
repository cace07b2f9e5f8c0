/** What the administration says of the walls between computers. */
import type { WallsView } from '@matrixos/shared'

export const CONTAINER_WORDS = {
  runc: 'Containers (runc)',
  runsc: 'Containers behind gVisor (runsc)',
  none: 'Plain processes',
} as const

export const FIREWALL_WORDS = {
  api: 'Kept by the platform',
  host: 'Kept by the server',
  nobody: 'None',
} as const

export const HOME_WORDS = { local: 'Folders', loop: 'Images of a fixed size' } as const

export const WALL_WORDS = { closed: 'Closed', open: 'Open', unknown: 'Not tested' } as const

interface Verdict {
  text: string
  tone: 'awake' | 'busy' | 'failed'
}

const OPEN: Verdict = {
  tone: 'failed',
  text: 'A wall is open: no computer runs until it is closed. The log says what to do.',
}

/** The one sentence that counts. */
export function verdictOf({ ociRuntime, firewall, selfTest, broken }: WallsView): Verdict {
  if (ociRuntime === null)
    return { tone: 'busy', text: 'Computers are not isolated here: this is for development only.' }
  // Also what another process found, or the engine's own rules show: no test of this one need have seen it.
  if (broken !== null) return OPEN
  const report = selfTest?.report ?? null
  // What nobody keeps closed is open by choice, and stops nobody.
  const isKept = firewall.by !== 'nobody'
  if (report?.neighbour === 'open' || (isKept && (report?.host === 'open' || report?.metadata === 'open')))
    return OPEN
  if (!isKept)
    return { tone: 'busy', text: 'Computers are kept from each other, but they can reach this server.' }
  if (report === null)
    return { tone: 'busy', text: 'Computers are isolated by rule; that was not tested from inside.' }
  if (report.services === 'silent')
    return { tone: 'busy', text: 'Computers are isolated, but they cannot reach the AI proxy.' }
  return { tone: 'awake', text: 'Computers are kept from each other and from this server.' }
}
