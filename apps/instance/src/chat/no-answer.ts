/** Why there is no answer to a question that came some other way than by the page. */
import { PlainError } from '../files/plain-words.ts'

/** `isPassing`: asked again later, it may be answered. */
export class NoAnswer extends PlainError {
  readonly isPassing: boolean
  constructor(words: string, isPassing: boolean) {
    super(words)
    this.isPassing = isPassing
  }
}
