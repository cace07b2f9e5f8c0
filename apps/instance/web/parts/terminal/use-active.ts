/** Which terminal a window shows: the one it showed, one that no window shows, or a new one. */
import { type RefObject, useCallback, useEffect, useRef, useState } from 'react'
import * as z from 'zod/mini'
import type { PartProps } from '../../shell/part.ts'
import { useStore } from '../../shell/store.ts'
import * as hub from './hub.ts'
import { settings } from './settings.ts'

const targetSchema = z.object({ session: z.optional(z.string()), folder: z.optional(z.string()) })

interface ActiveOptions extends Pick<PartProps, 'target' | 'setTarget' | 'close'> {
  root: RefObject<HTMLElement | null>
}

export function useActive({ target, setTarget, close, root }: ActiveOptions) {
  const list = useStore(hub.sessions)
  const link = useStore(hub.linkState)
  const wanted = targetSchema.safeParse(target).data ?? {}
  const [active, setActive] = useState<string | null>(wanted.session ?? null)
  /** Those that were looked at in this window stay drawn. */
  const [opened, setOpened] = useState<ReadonlySet<string>>(new Set())
  const isOpening = useRef(false)
  const hadOne = useRef(false)
  /** The list as it was when the connection was lost, until there is another. */
  const lost = useRef<typeof list>(null)

  const show = useCallback(
    (session: string) => {
      hadOne.current = true
      setActive(session)
      setOpened((all) => new Set([...all, session]))
      setTarget({ session })
    },
    [setTarget],
  )
  const openNew = useCallback(
    async (folder?: string) => {
      if (isOpening.current) return
      isOpening.current = true
      const session = await hub.openSession(sizeFor(root.current), folder)
      isOpening.current = false
      if (session !== null) show(session)
    },
    [root, show],
  )

  const { folder } = wanted
  const isShown = active !== null && opened.has(active)
  useEffect(() => {
    if (list !== null && link !== 'open') lost.current = list
    if (list === null || link !== 'open' || isOpening.current) return
    if (list.some(({ id }) => id === active)) {
      if (list !== lost.current) lost.current = null
      if (active !== null && !isShown) show(active)
      return
    }
    const next =
      folder === undefined || hadOne.current
        ? (list.find(({ id }) => !hub.isShown(id)) ?? (hadOne.current ? list[0] : undefined))
        : undefined
    // Nobody closed it: it ended with a computer that was killed.
    const ended = lost.current?.find(({ id }) => id === active)
    lost.current = null
    if (next) show(next.id)
    else if (ended) void openNew(ended.folder)
    // The last tab was closed.
    else if (hadOne.current) close()
    else void openNew(folder)
  }, [list, link, active, isShown, folder, show, openNew, close])

  return { active, opened, show, openNew }
}

/** About as much as there is room for, until it is measured by letters. */
function sizeFor(element: HTMLElement | null): { columns: number; rows: number } {
  const { fontSize } = settings.get()
  const { clientWidth = 800, clientHeight = 480 } = element ?? {}
  const within = (value: number, least: number, most: number) =>
    Math.max(least, Math.min(most, Math.floor(value)))
  return {
    columns: within((clientWidth - 32) / (fontSize * 0.602), 20, 500),
    rows: within((clientHeight - 90) / (fontSize * 1.2), 5, 300),
  }
}
