/** Below the list: how much there is; on a touch screen, what can be done with what is chosen. */
import { chosenEntries, type FilesContext } from './context.ts'
import { entryDeeds } from './deeds.ts'
import { NOTHING } from './model/selection.ts'
import { CheckIcon, CopyIcon, DownloadIcon, MoveIcon, TrashIcon } from './ui/icons.ts'
import { Tool } from './ui/tool.tsx'
import { countInWords, sizeInWords } from './ui/words.ts'
import { TRASH } from './use-place.ts'

export function Footer({ context }: { context: FilesContext }) {
  const { place, shown, isChoosing, canChange, choose } = context
  if (place.path === TRASH) return null
  const chosen = chosenEntries(context)
  if (!isChoosing)
    return (
      <p className="footer" role="status">
        {wordsFor(shown.length, chosen)}
      </p>
    )
  const deeds = entryDeeds(context)
  return (
    <div className="footer choosing" role="toolbar" aria-label="Chosen files">
      <Tool label="Done" Icon={CheckIcon} onClick={() => choose(NOTHING, false)} />
      <span role="status">{chosen.length} chosen</span>
      {canChange && <Tool label="Move to…" Icon={MoveIcon} onClick={deeds.moveTo} />}
      {canChange && <Tool label="Copy to…" Icon={CopyIcon} onClick={deeds.copyTo} />}
      <Tool label="Download" Icon={DownloadIcon} onClick={deeds.download} />
      {canChange && <Tool label="Move to the trash" Icon={TrashIcon} onClick={deeds.trash} />}
    </div>
  )
}

function wordsFor(count: number, chosen: readonly { size: number }[]): string {
  const all = countInWords(count, 'item')
  if (chosen.length === 0) return all
  const size = chosen.reduce((sum, entry) => sum + entry.size, 0)
  return `${chosen.length.toLocaleString('en')} of ${all} chosen${size > 0 ? `, ${sizeInWords(size)}` : ''}`
}
