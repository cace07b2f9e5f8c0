/** The preview: a file as it is meant to be seen or heard, without running anything of it. */
import { type ComponentType, lazy, Suspense, useCallback, useEffect, useState } from 'react'
import type { PartProps } from '../../shell/part.ts'
import { files } from '../files/client/files.ts'
import { nameOf } from '../files/model/path.ts'
import { showName } from '../files/model/show-name.ts'
import { DownloadIcon, PencilIcon } from '../files/ui/icons.ts'
import { Tool } from '../files/ui/tool.tsx'
import { sizeInWords, timeInWords } from '../files/ui/words.ts'
import { type FileKind, kindOf, partFor } from './kinds.ts'
import { Film, Sound } from './media.tsx'
import { Drawing, Picture } from './pictures.tsx'
import type { ShownProps } from './shown.ts'
import { readTarget } from './target.ts'
import { Markdown, PlainText } from './texts.tsx'
import { useFile } from './use-file.ts'
import './preview.css'

const PdfView = lazy(() => import('./pdf/view.tsx'))

/** A damaged one is read to its end, and all of it is kept in memory. */
const PDF_AT_MOST = 200_000_000

const Pdf = ({ path, file, onFailure }: ShownProps) =>
  file.size > PDF_AT_MOST ? (
    <p className="said">This PDF is too large to show. Download it to open it elsewhere.</p>
  ) : (
    <Suspense>
      <PdfView address={files.contentAddress(path, file.version)} onFailure={onFailure} />
    </Suspense>
  )

const Nothing = () => (
  <p className="said">There is no preview of this kind of file. Download it to open it elsewhere.</p>
)

const SHOWN: Record<FileKind, ComponentType<ShownProps>> = {
  image: Picture,
  svg: Drawing,
  pdf: Pdf,
  audio: Sound,
  video: Film,
  markdown: Markdown,
  html: PlainText,
  code: PlainText,
  text: PlainText,
  archive: Nothing,
}
const WITHOUT_TEXT: readonly FileKind[] = ['image', 'pdf', 'audio', 'video', 'archive']

export default function Preview(props: PartProps) {
  const target = readTarget(props.target)
  if (!target) return <p className="opening">Open a file from Files.</p>
  return <PreviewOf key={target.path} path={target.path} {...props} />
}

function PreviewOf({ path, isActive, setTitle, open }: PartProps & { path: string }) {
  const { state, again } = useFile(path)
  const [failed, setFailed] = useState<{ version: string; words: string } | null>(null)
  const name = showName(nameOf(path))
  const kind = kindOf(nameOf(path))
  useEffect(() => setTitle(name), [name, setTitle])
  const onOpen = useCallback(
    (to: string) => open({ part: partFor(nameOf(to)), target: { path: to } }),
    [open],
  )
  const version = state && 'file' in state ? state.file.version : ''
  const onFailure = useCallback((words: string) => setFailed({ version, words }), [version])
  if (!state) return <p className="opening">Opening {name}</p>
  if ('failure' in state) {
    return (
      <div className="preview">
        <div className="said" role="alert">
          <p>{state.failure}</p>
          <button type="button" className="button" onClick={again}>
            Try again
          </button>
        </div>
      </div>
    )
  }
  const { file } = state
  const Shown = file.kind === 'folder' ? Nothing : SHOWN[kind]
  return (
    <div className="preview">
      <div className="shown" tabIndex={-1} ref={isActive ? focusInner : undefined}>
        {failed && failed.version === file.version ? (
          <p className="said" role="alert">
            {failed.words}
          </p>
        ) : (
          <Shown {...{ path, file, name, onOpen, onFailure }} />
        )}
      </div>
      <footer>
        <span>{[sizeInWords(file.size), timeInWords(file.modifiedAt, new Date())].join(' · ')}</span>
        {!WITHOUT_TEXT.includes(kind) && (
          <Tool
            label="Edit"
            Icon={PencilIcon}
            isWordy
            onClick={() => open({ part: 'editor', target: { path } })}
          />
        )}
        <a
          className="tool"
          href={files.downloadAddress(path)}
          download={nameOf(path)}
          aria-label={`Download ${name}`}
        >
          <DownloadIcon />
          <span>Download</span>
        </a>
      </footer>
    </div>
  )
}

/** Whoever looks at it: what scrolls has the keys. A window behind others would come to the front by that. */
function focusInner(element: HTMLElement | null): void {
  if (element && !element.contains(document.activeElement)) element.focus({ preventScroll: true })
}
