/** Reads events beside the bytes of a stream: it sees copies of them, after they were sent on. Never throws. */
import { createParser } from 'eventsource-parser'

/** `onEvent` may throw: an event that cannot be read leaves the figures incomplete, and the call is then estimated. */
export function createEventTap(
  longestEvent: number,
  onEvent: (event: string | undefined, data: string) => void,
): (chunk: Buffer) => void {
  const decoder = new TextDecoder()
  const parser = createParser({
    maxBufferSize: longestEvent,
    onEvent({ event, data }) {
      try {
        onEvent(event, data)
      } catch {
        // Not the provider's.
      }
    },
  })
  return (chunk) => {
    try {
      parser.feed(decoder.decode(chunk, { stream: true }))
    } catch {
      // The buffer's limit.
    }
  }
}
