/** What is dragged from one place of the home to another, and from the person's own machine into it. */

const OWN = 'application/x-home-paths'

export function startDrag(data: DataTransfer, paths: readonly string[]): void {
  data.setData(OWN, JSON.stringify(paths))
  data.effectAllowed = 'copyMove'
}

const isOwnDrag = (data: DataTransfer): boolean => data.types.includes(OWN)
const isFileDrag = (data: DataTransfer): boolean => data.types.includes('Files') && !isOwnDrag(data)

function draggedPaths(data: DataTransfer): string[] {
  try {
    const paths: unknown = JSON.parse(data.getData(OWN))
    return Array.isArray(paths) ? paths.filter((path) => typeof path === 'string') : []
  } catch {
    return []
  }
}

export interface DropTarget {
  onDragOver: (event: React.DragEvent) => void
  onDragLeave: (event: React.DragEvent) => void
  onDrop: (event: React.DragEvent) => void
}

export interface DropOptions {
  folder: string
  onOwn: (paths: string[], folder: string, isCopy: boolean) => void
  onFiles: (data: DataTransfer, folder: string) => void
}

/** Marks the element with `data-drop` while something is held over it; needs no state, and so draws nothing anew. */
export const dropTarget = ({ folder, onOwn, onFiles }: DropOptions): DropTarget => ({
  onDragOver(event) {
    const { dataTransfer, currentTarget, ctrlKey, altKey } = event
    if (!isOwnDrag(dataTransfer) && !isFileDrag(dataTransfer)) return
    event.preventDefault()
    event.stopPropagation()
    dataTransfer.dropEffect = isFileDrag(dataTransfer) || ctrlKey || altKey ? 'copy' : 'move'
    if (currentTarget instanceof HTMLElement) currentTarget.dataset.drop = 'true'
  },
  onDragLeave({ currentTarget, relatedTarget }) {
    if (!(currentTarget instanceof HTMLElement)) return
    if (!(relatedTarget instanceof Node && currentTarget.contains(relatedTarget)))
      delete currentTarget.dataset.drop
  },
  onDrop(event) {
    const { dataTransfer, currentTarget, ctrlKey, altKey } = event
    if (currentTarget instanceof HTMLElement) delete currentTarget.dataset.drop
    if (!isOwnDrag(dataTransfer) && !isFileDrag(dataTransfer)) return
    event.preventDefault()
    event.stopPropagation()
    if (isFileDrag(dataTransfer)) onFiles(dataTransfer, folder)
    else onOwn(draggedPaths(dataTransfer), folder, ctrlKey || altKey)
  },
})
