/** Programs may put text on the clipboard (OSC 52), never read it; and whoever looks is told. */
import type { Terminal } from '@xterm/xterm'

const LARGEST = 100_000

/** `mayWrite`: whether somebody works in this terminal now. */
export function takeCopies(
  { parser }: Pick<Terminal, 'parser'>,
  mayWrite: () => boolean,
  onCopied: (characters: number) => void,
): void {
  parser.registerOscHandler(52, (data) => {
    const [, encoded = ''] = /^[cps]*;([A-Za-z0-9+/=]+)$/.exec(data) ?? []
    if (encoded === '' || encoded.length > LARGEST || !mayWrite()) return true
    const text = decoded(encoded)
    if (text === null) return true
    navigator.clipboard?.writeText(text).then(
      () => onCopied(text.length),
      () => undefined,
    )
    return true
  })
}

/** `null`: it is not base64. An error thrown out of here would end the terminal on this page. */
function decoded(encoded: string): string | null {
  try {
    return new TextDecoder().decode(Uint8Array.from(atob(encoded), (character) => character.charCodeAt(0)))
  } catch {
    return null
  }
}
