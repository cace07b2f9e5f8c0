/** What every kind of preview is given. */
import type { Located } from '../../../src/files/api/protocol.ts'

export interface ShownProps {
  path: string
  file: Located
  name: string
  onOpen: (path: string) => void
  /** It cannot be shown after all. */
  onFailure: (words: string) => void
}
