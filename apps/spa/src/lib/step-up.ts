/** The one question whether it is really this person: calls ask it, the dialog answers it. */

interface Question {
  answer: Promise<boolean>
  resolve: (isProved: boolean) => void
}

function newQuestion(): Question {
  let resolve: Question['resolve'] = () => undefined
  const answer = new Promise<boolean>((settle) => {
    resolve = settle
  })
  return { answer, resolve }
}

export function createStepUp() {
  let question: Question | null = null
  const watchers = new Set<() => void>()
  const tell = () => {
    for (const watcher of watchers) watcher()
  }
  return {
    /** Whether it was proved. Whoever asks while the question stands shares its answer; where no dialog is, it is no. */
    async ask(): Promise<boolean> {
      if (watchers.size === 0) return false
      const isNew = question === null
      question ??= newQuestion()
      const { answer } = question
      if (isNew) tell()
      return answer
    },

    settle(isProved: boolean): void {
      question?.resolve(isProved)
      question = null
      tell()
    },

    /** For React: whether the question stands, and being told when that changes. */
    isAsked: (): boolean => question !== null,
    subscribe(watcher: () => void): () => void {
      watchers.add(watcher)
      return () => {
        watchers.delete(watcher)
      }
    },
  }
}

/** This tab's. */
export const stepUp = createStepUp()
