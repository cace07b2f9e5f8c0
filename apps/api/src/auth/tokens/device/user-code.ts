/** Codes that people type from one screen into another: 20⁸ of them, good for ten minutes, few guesses each. */
import { USER_CODE_LETTERS } from '@matrixos/shared'

const LENGTH = 8
/** Bytes from here on would favour the first letters. */
const FAIR = 256 - (256 % USER_CODE_LETTERS.length)

export function newUserCode(random: (bytes: number) => Uint8Array): string {
  let code = ''
  while (code.length < LENGTH) {
    for (const byte of random(LENGTH)) {
      if (byte < FAIR && code.length < LENGTH) code += USER_CODE_LETTERS[byte % USER_CODE_LETTERS.length]
    }
  }
  return code
}
