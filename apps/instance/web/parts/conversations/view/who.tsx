/** Who the other one is: the glyph of their handle, and whether it is their AI. */
import type { Peer } from '../../../../src/conversations/protocol.ts'
import { Glyph } from '../../../ui/glyph.tsx'

export const Face = ({ peer }: { peer: Peer }) => (
  <span className="face" data-is-ai={peer.isAi}>
    <Glyph handle={peer.handle ?? peer.userId} />
    {peer.isAi && <span aria-hidden="true">AI</span>}
  </span>
)
