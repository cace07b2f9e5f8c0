/** What lies over a window of the files for a while: its menu, its question, its last sentence. */
import { useCallback } from 'react'
import type { FilesContext, Picking } from './context.ts'
import { PickFolder } from './folders/pick-folder.tsx'
import { isWithin } from './model/path.ts'
import { NOTHING } from './model/selection.ts'
import { Menu } from './ui/menu.tsx'
import { ToastBar } from './ui/toast.tsx'
import { countInWords } from './ui/words.ts'
import type { useFiles } from './use-files.ts'

export interface OverlaysProps {
  context: FilesContext
  overlays: ReturnType<typeof useFiles>['overlays']
}

export function Overlays({ context, overlays }: OverlaysProps) {
  const { menu, setMenu, toast, say, picking, setPicking } = overlays
  const closeMenu = useCallback(() => setMenu(null), [setMenu])
  const endToast = useCallback(() => say(null), [say])
  return (
    <>
      {menu && <Menu menu={menu} onClose={closeMenu} />}
      {picking && (
        <PickFolder
          title={`${picking.isCopy ? 'Copy' : 'Move'} ${countInWords(picking.paths.length, 'item')} to`}
          action={picking.isCopy ? 'Copy here' : 'Move here'}
          start={context.place.path}
          problemOf={(path) => problemOf(path, picking, context.place.path)}
          onPick={(path) => {
            setPicking(null)
            void bring(context, picking, path)
          }}
          onCancel={() => setPicking(null)}
        />
      )}
      <ToastBar toast={toast} onEnd={endToast} />
    </>
  )
}

function problemOf(path: string, { isCopy, paths }: Picking, here: string): string | null {
  if (paths.some((moved) => isWithin(path, moved))) return 'A folder cannot go into itself.'
  return !isCopy && path === here ? 'It is here already. Choose another folder.' : null
}

async function bring({ acts, choose, folder }: FilesContext, { isCopy, paths }: Picking, to: string) {
  await (isCopy ? acts.copy(paths, to) : acts.move(paths, to))
  choose(NOTHING, false)
  folder.refresh()
}
