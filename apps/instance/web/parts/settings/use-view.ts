/** What a section of the settings shows of its computer: read when it is looked at, and after each change. */
import { useCallback, useEffect, useState } from 'react'
import { ask, problemOf, type SettingsProblem } from './ask.ts'

export interface Viewed<T> {
  /** `null`: not known yet. */
  view: T | null
  /** Why it could not be read. */
  failure: string | null
  isBusy: boolean
  read: () => Promise<void>
  /** What the change answers is shown; resolves to what was not right, `null`: it is done. */
  change: (work: () => Promise<T>) => Promise<SettingsProblem | null>
}

const LOOK_EVERY_MS = 4_000
/** Not for ever: an open page is no use. */
const LOOK_FOR_MS = 10 * 60_000

/** Looks again and again, while something is waited for that happens elsewhere. */
export function useLooking(isWaiting: boolean, read: () => Promise<void>): void {
  useEffect(() => {
    if (!isWaiting) return
    const looking = setInterval(() => !document.hidden && void read(), LOOK_EVERY_MS)
    const enough = setTimeout(() => clearInterval(looking), LOOK_FOR_MS)
    return () => {
      clearInterval(looking)
      clearTimeout(enough)
    }
  }, [isWaiting, read])
}

export function useView<T>(path: string, isActive: boolean): Viewed<T> {
  const [view, setView] = useState<T | null>(null)
  const [failure, setFailure] = useState<string | null>(null)
  const [isBusy, setIsBusy] = useState(false)
  const read = useCallback(async () => {
    try {
      setView(await ask<T>('GET', path))
      setFailure(null)
    } catch (error) {
      setFailure(problemOf(error).message)
    }
  }, [path])
  useEffect(() => {
    if (isActive) void read()
  }, [isActive, read])
  const change = useCallback(async (work: () => Promise<T>) => {
    setIsBusy(true)
    try {
      setView(await work())
      setFailure(null)
      return null
    } catch (error) {
      return problemOf(error)
    } finally {
      setIsBusy(false)
    }
  }, [])
  return { view, failure, isBusy, read, change }
}
