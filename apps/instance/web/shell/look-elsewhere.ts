/** The look as another page of the owner's changes it. What was chosen here and is not kept yet comes before that. */
import type { Look } from '../../src/shell/look.ts'

export interface LookElsewhereOptions {
  /** Whether something was chosen here that the home has not been told. */
  isChosenHere: () => boolean
  show: (look: Look) => void
}

export function createLookElsewhere({ isChosenHere, show }: LookElsewhereOptions) {
  /** Looks of this page's own on their way to the home, which says in what order all of them arrived. */
  let onTheWay = 0
  let last: Look | null = null
  const settle = () => {
    if (onTheWay > 0 || last === null) return
    const kept = last
    last = null
    if (!isChosenHere()) show(kept)
  }
  return {
    /** What the home keeps now. */
    hear(kept: Look): void {
      last = kept
      settle()
    },
    /** `sent`: never rejects. */
    async sending(sent: Promise<void>): Promise<void> {
      onTheWay++
      await sent
      onTheWay--
      settle()
    },
  }
}
