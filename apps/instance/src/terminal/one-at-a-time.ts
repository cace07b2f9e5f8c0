/** Whoever asks while it runs waits for the same run. */
export function oneAtATime(work: () => Promise<void>) {
  let running: Promise<void> | null = null
  return {
    isOn: () => running !== null,
    run() {
      running ??= work().finally(() => {
        running = null
      })
      return running
    },
  }
}
