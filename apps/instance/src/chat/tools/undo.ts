/** Takes back what a tool wrote: each file as it was before, where nobody has changed it since. */
import { unlink } from 'node:fs/promises'
import type { Trash } from '../../files/api/trash.ts'
import type { Pin, Tree } from '../../files/api/tree.ts'
import { RequestProblem } from '../../http/problem.ts'
import type { Change } from '../log/entry.ts'
import { readBytes, recordOf, saveFile, versionAt } from './save.ts'

const LARGEST_KEPT = 16 * 1024 * 1024

export interface UndoOptions {
  tree: Tree
  trash: Pick<Trash, 'put'>
  keep: Pin
  tool: string
  changes: readonly Change[]
  /** Also what was changed since; that goes to the trash, or beside it. */
  anyway: boolean
}

/** Rejects with 412 and names what was changed since, unless it is to go on anyway. */
export async function undoChanges(options: UndoOptions): Promise<void> {
  const { tree, trash, keep, tool, changes, anyway } = options
  // The last change of a file is the one that it has to be like; the first has what was before.
  const last = new Map(changes.map((one) => [one.path, one]))
  const first = new Map([...changes].reverse().map((one) => [one.path, one]))
  const changed: string[] = []
  for (const [path, { after }] of last) if ((await versionAt(tree, path)) !== after) changed.push(path)
  if (changed.length > 0 && !anyway) {
    throw new RequestProblem(412, `${changed.join(', ')}: changed since I wrote it.`)
  }
  let kept: readonly Change[] = []
  for (const [path, { before }] of first) {
    if (before === null) {
      if ((await versionAt(tree, path)) !== null) await trash.put([path])
      continue
    }
    const bytes = await readBytes(tree, `${keep.path}/${before}`, LARGEST_KEPT)
    const change = await saveFile({ tree, path, bytes, keep, tool: `undo-${tool}`, earlier: kept })
    // Each copy of what was there has a name of its own.
    if (change) kept = [...kept, change]
  }
  await unlink(keep.at(recordOf(tool))).catch(() => undefined)
}
