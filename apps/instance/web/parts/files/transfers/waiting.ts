/** What somebody has to do before uploads go on, in a sentence. */
import type { TransfersView } from './engine.ts'
import { totalsOf } from './transfer.ts'

/** `null`: nothing. */
export function waitingWords({ transfers, halted }: TransfersView): string | null {
  if (halted !== null) return halted
  const { lost, asking, failed } = totalsOf(transfers).states
  if (lost === 1) return 'To go on with an upload, I need its file once more.'
  if (lost > 1) return `To go on with ${lost} uploads, I need their files once more.`
  if (asking > 0) return asking === 1 ? 'An upload has a question.' : `${asking} uploads have a question.`
  if (failed === 0) return null
  return failed === 1 ? 'An upload could not be finished.' : `${failed} uploads could not be finished.`
}
