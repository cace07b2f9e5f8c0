/** Event streams of a component test, which happy-dom has none of: the test says what comes, and when. */
interface Stream {
  procedure: string
  source: EventTarget
}

/** Stands for the browser's `EventSource` from now on. */
export function fakeEventSource() {
  const streams = new Set<Stream>()

  class Source extends EventTarget {
    static readonly CONNECTING = 0
    static readonly OPEN = 1
    static readonly CLOSED = 2
    readyState: number = Source.OPEN
    readonly #stream: Stream

    constructor(url: string) {
      super()
      const procedure = new URL(url, location.href).pathname.replace('/trpc/', '')
      this.#stream = { procedure, source: this }
      streams.add(this.#stream)
      queueMicrotask(() => this.dispatchEvent(new MessageEvent('connected', { data: '{}' })))
    }

    close() {
      this.readyState = Source.CLOSED
      streams.delete(this.#stream)
    }
  }
  Object.assign(globalThis, { EventSource: Source })

  const of = (procedure: string) => [...streams].filter((stream) => stream.procedure === procedure)
  let lastId = 0
  return {
    /** How many pages listen. */
    open: (procedure: string): number => of(procedure).length,
    send(procedure: string, data: unknown): void {
      const lastEventId = String(++lastId)
      for (const { source } of of(procedure))
        source.dispatchEvent(new MessageEvent('message', { data: JSON.stringify(data), lastEventId }))
    },
  }
}
