/** From callbacks to an async iteration: what is pushed comes out in order, until the signal aborts. */
import { EventEmitter, on } from 'node:events'

export interface Queue<T> extends AsyncIterable<T> {
  push: (item: T) => void
}

export function queueOf<T>(signal: AbortSignal): Queue<T> {
  const emitter = new EventEmitter<{ item: [T] }>()
  const items = on(emitter, 'item', { signal })
  return {
    push: (item) => void emitter.emit('item', item),
    async *[Symbol.asyncIterator]() {
      try {
        for await (const [item] of items) yield item as T
      } catch (error) {
        if (!signal.aborted) throw error
      }
    },
  }
}
