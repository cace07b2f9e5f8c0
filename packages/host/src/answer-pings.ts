/** A part's side of the supervisor's question whether it still does anything: the event loop itself answers. */

/** To be called before the part says that it is ready. Does nothing in a process that nobody supervises. */
export function answerPings(): void {
  process.on('message', (message) => {
    if (typeof message !== 'object' || message === null || !('type' in message) || message.type !== 'ping')
      return
    // Whoever asked may have gone meanwhile.
    process.send?.({ type: 'pong' }, undefined, undefined, () => {})
  })
}
