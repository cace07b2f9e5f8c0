/** Who is there. The id is another one in each tab, and names nobody. */
import { call } from './call.ts'

export interface Me {
  role: 'owner' | 'viewer' | 'visitor'
  handle: string | null
  id: string
}

const KEPT_AS = 'mos-app-as'

/** Proves that this page is the one that was here before a reload. A browser that keeps nothing is somebody else then. */
export function keptProof(): string {
  try {
    return sessionStorage.getItem(KEPT_AS) ?? ''
  } catch {
    return ''
  }
}

function keep(proof: string): void {
  try {
    sessionStorage.setItem(KEPT_AS, proof)
  } catch {
    // See above.
  }
}

let known: Promise<Me> | null = null

export function me(): Promise<Me> {
  known ??= ask().catch((error) => {
    known = null
    throw error
  })
  return known
}

async function ask(): Promise<Me> {
  const answer = await call(`me?as=${encodeURIComponent(keptProof())}`)
  const { as, ...who }: Me & { as: string } = await answer.json()
  keep(as)
  return who
}
