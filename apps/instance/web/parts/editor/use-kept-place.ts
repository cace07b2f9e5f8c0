/** Where somebody is in a file: kept in the window for the next load of the page, and changed by whoever opens it again. */
import { type RefObject, useCallback, useEffect, useRef } from 'react'
import type { PartProps } from '../../shell/part.ts'
import type { CodeEditor } from './code-mirror.ts'
import { type EditorTarget, readTarget } from './target.ts'

/** Going through a text moves at every key. */
const REST_MS = 400

export interface KeptPlaceOptions extends Pick<PartProps, 'target' | 'setTarget'> {
  path: string
  editor: RefObject<Pick<CodeEditor, 'goTo' | 'place'> | null>
}

/** Returns what tells that somebody has moved. */
export function useKeptPlace({ path, target, setTarget, editor }: KeptPlaceOptions): () => void {
  /** What this window keeps itself, or has followed already. */
  const known = useRef(target)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)

  const keep = useCallback(() => {
    const place = editor.current?.place()
    if (!place) return
    const kept: EditorTarget = { path, ...place }
    known.current = kept
    setTarget(kept)
  }, [path, setTarget, editor])

  useEffect(() => {
    if (target === known.current) return
    known.current = target
    editor.current?.goTo(readTarget(target) ?? {})
    keep()
  }, [target, keep, editor])
  useEffect(() => () => clearTimeout(timer.current), [])

  return useCallback(() => {
    clearTimeout(timer.current)
    timer.current = setTimeout(keep, REST_MS)
  }, [keep])
}
