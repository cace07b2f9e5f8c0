/** Programs may put text on the clipboard (OSC 52), never read it; and whoever looks is told. */
import type { Terminal } from '@xterm/xterm'

const LARGEST = 100_000

/** `mayWrite`: whether somebody works in this terminal now. */
export function takeCopies(
  { parser }: Terminal,
  mayWrite: () => boolean,
  onCopied: (characters: number) => void,
): void {
  parser.registerOscHandler(52, (data) => {
    const [, encoded = ''] = /^[cps]*;([A-Za-z0-9+/=]+)$/.exec(data) ?? []
    if (encoded === '' || encoded.length > LARGEST || !mayWrite()) return true
    const bytes = Uint8Array.from(atob(encoded), (character) => character.charCodeAt(0))
    const text = new TextDecoder().decode(bytes)
    navigator.clipboard?.writeText(text).then(
      () => onCopied(text.length),
      () => undefined,
    )
    return true
  })
}
