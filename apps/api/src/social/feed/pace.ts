/** Does something whenever it is asked for, and no more often than once in so long: what is asked for too soon is done together. */

export interface PaceOptions {
  everyMs: number
  run: () => void
}

export function createPace({ everyMs, run }: PaceOptions) {
  let resting: NodeJS.Timeout | undefined
  let isAsked = false

  function start(): void {
    isAsked = false
    resting = setTimeout(() => {
      resting = undefined
      if (isAsked) start()
    }, everyMs)
    resting.unref()
    run()
  }

  return {
    /** Now, or once the time since the last one is over. */
    ask(): void {
      if (resting) isAsked = true
      else start()
    },

    /** Whatever still waits is not done. */
    close(): void {
      clearTimeout(resting)
    },
  }
}
