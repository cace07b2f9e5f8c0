/** What is known of a file, anew whenever it changes. */
import { useEffect, useState } from 'react'
import type { Located } from '../../../src/files/api/protocol.ts'
import { watchPath } from '../files/client/changes.ts'
import { files } from '../files/client/files.ts'
import { isAborted, wordsOf } from '../files/client/problem.ts'

export type FileState = { file: Located } | { failure: string } | null

const REST_MS = 200

/** `null`: not known yet. */
export function useFile(path: string): { state: FileState; again: () => void } {
  const [state, setState] = useState<FileState>(null)
  const [times, setTimes] = useState(0)
  // biome-ignore lint/correctness/useExhaustiveDependencies: `times` asks once more.
  useEffect(() => {
    const controller = new AbortController()
    files.stat(path, controller.signal).then(
      (file) => setState({ file }),
      (error) => isAborted(error) || setState({ failure: wordsOf(error) }),
    )
    return () => controller.abort()
  }, [path, times])
  const again = () => setTimes((count) => count + 1)
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    const end = watchPath(path, () => {
      clearTimeout(timer)
      timer = setTimeout(() => setTimes((count) => count + 1), REST_MS)
    })
    return () => {
      clearTimeout(timer)
      end()
    }
  }, [path])
  return { state, again }
}

export type TextState = { text: string; isWhole: boolean } | { failure: string } | null

/** The beginning of a file as text, whatever it is. */
export function useText(path: string, version: string, atMost: number, size: number): TextState {
  const [state, setState] = useState<TextState>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: another version is another text.
  useEffect(() => {
    const controller = new AbortController()
    files.read(path, atMost, controller.signal).then(
      ({ bytes }) => setState({ text: new TextDecoder().decode(bytes), isWhole: bytes.length >= size }),
      (error) => isAborted(error) || setState({ failure: wordsOf(error) }),
    )
    return () => controller.abort()
  }, [path, version, atMost, size])
  return state
}
