/** The ways in: a picker for files, one for folders, a drop, the clipboard. */
import { useMemo, useRef } from 'react'
import { files } from './client/files.ts'
import { wordsOf } from './client/problem.ts'
import { join } from './model/path.ts'
import { type Found, fromPicker, into, nameOfPasted, takeDropped } from './transfers/dropped.ts'
import { transfers } from './transfers/page.ts'
import type { Toast } from './ui/toast.tsx'

export function useUploads(folder: string, say: (toast: Toast) => void) {
  const filePicker = useRef<HTMLInputElement>(null)
  const folderPicker = useRef<HTMLInputElement>(null)
  return useMemo(() => {
    const add = (found: readonly Found[], where: string) => {
      if (found.length === 0) return say({ words: 'There was no file in it.', isBad: true })
      const incoming = into(where, found)
      if (incoming.length > 0) transfers.add(incoming)
      for (const { name } of found.filter(({ file }) => file === null))
        files.makeFolder(join(where, name)).catch((error) => {
          // One that is there already is just as good.
          if (error.status !== 409) say({ words: wordsOf(error), isBad: true })
        })
    }
    return {
      filePicker,
      folderPicker,
      pickFiles: () => filePicker.current?.click(),
      pickFolder: () => folderPicker.current?.click(),
      picked(input: HTMLInputElement) {
        const found = fromPicker(input.files ?? [])
        input.value = ''
        if (found.length > 0) add(found, folder)
      },
      dropped(data: DataTransfer, where: string) {
        takeDropped(data)().then(
          (found) => add(found, where),
          (error) => say({ words: wordsOf(error), isBad: true }),
        )
      },
      /** Whether there was a file in it. */
      pasted(data: DataTransfer): boolean {
        const found = [...data.files].map((file) => ({ name: nameOfPasted(file, new Date()), file }))
        if (found.length > 0) add(found, folder)
        return found.length > 0
      },
    }
  }, [folder, say])
}
