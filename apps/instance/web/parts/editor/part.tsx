/** The editor: one file, its text, and below it how it stands. */
import { useEffect, useLayoutEffect, useRef, useState } from 'react'
import type { PartProps } from '../../shell/part.ts'
import { recall, remember } from '../../shell/remember.ts'
import { files } from '../files/client/files.ts'
import { nameOf, parentOf } from '../files/model/path.ts'
import { showName } from '../files/model/show-name.ts'
import { CheckIcon, SearchIcon, WrapIcon } from '../files/ui/icons.ts'
import { Tool } from '../files/ui/tool.tsx'
import { partFor } from '../preview/kinds.ts'
import type { CodeEditor } from './code-mirror.ts'
import { Conflict } from './conflict.tsx'
import type { Refusal } from './document.ts'
import { languageOf } from './languages.ts'
import { type EditorTarget, readTarget } from './target.ts'
import { type OpenDocument, useDocument } from './use-document.ts'
import { useKeptPlace } from './use-kept-place.ts'
import './editor.css'

const WRAPPING = 'mos-editor-wrapping'

export default function Editor(props: PartProps) {
  const target = readTarget(props.target)
  if (!target) return <p className="opening">Open a file from Files.</p>
  return <EditorOf key={target.path} {...props} path={target.path} at={target} />
}

function EditorOf(props: PartProps & { path: string; at: EditorTarget }) {
  const { path, at, me, isActive, setTitle, onBeforeClose, open: openPart } = props
  const place = useRef<HTMLDivElement>(null)
  const [isWrapping, setIsWrapping] = useState(() => recall(WRAPPING) !== false)
  const editor = useRef<CodeEditor | null>(null)
  const onMove = useKeptPlace({ ...props, editor })
  const { open, again } = useDocument({
    ...{ path, at, isViewer: me.viewer !== null, isWrapping, isActive, place, onMove },
  })
  useLayoutEffect(() => {
    editor.current = open?.editor ?? null
  })
  const name = showName(nameOf(path))
  const isDirty = open?.view.isDirty ?? false
  useEffect(() => setTitle(isDirty ? `${name} •` : name), [name, isDirty, setTitle])
  useEffect(
    () =>
      onBeforeClose(() =>
        isDirty ? `“${name}” is not saved. Close it? I keep what you typed in this browser.` : null,
      ),
    [onBeforeClose, isDirty, name],
  )
  const wrap = () => {
    remember(WRAPPING, !isWrapping)
    setIsWrapping(!isWrapping)
  }
  const loaded = open?.loaded ?? null
  const { theirs = null } = open?.view ?? {}
  return (
    <div className="editor">
      {open && <Notices open={open} />}
      {open && theirs && loaded && 'text' in loaded && open.editor && (
        <Conflict
          {...{ theirs, document: open.document, lineBreak: loaded.lineBreak }}
          name={nameOf(path)}
          mine={open.editor}
        />
      )}
      {loaded && 'refused' in loaded && (
        <Refused
          {...loaded}
          path={path}
          onAgain={again}
          onPreview={() => openPart({ part: 'preview', target: { path } })}
        />
      )}
      {!loaded && <p className="opening">Opening {name}</p>}
      <div className="text" ref={place} hidden={!loaded || 'refused' in loaded} />
      {open && loaded && 'text' in loaded && <StatusBar {...{ open, path, isWrapping }} onWrap={wrap} />}
    </div>
  )
}

function Notices({ open: { view, loaded, document } }: { open: OpenDocument }) {
  return (
    <>
      {loaded && 'text' in loaded && loaded.readOnly !== null && <p className="notice">{loaded.readOnly}</p>}
      {loaded && 'text' in loaded && loaded.isRestored && view.isDirty && !view.theirs && (
        <div className="notice" role="status">
          <span>You left before this was saved. What you typed is here again.</span>
          <button type="button" onClick={document.discard}>
            Discard it
          </button>
        </div>
      )}
      {view.failure !== null && (
        <div className="notice" data-tone="bad" role="alert">
          <span>{view.failure}</span>
          <button type="button" onClick={() => void document.save()}>
            Try again
          </button>
        </div>
      )}
      {view.isGone && (
        <div className="notice" role="status">
          <span>This file was moved or thrown away.</span>
          <button type="button" onClick={() => void document.save()}>
            Save it again
          </button>
        </div>
      )}
      {!view.isDraftKept && (
        <p className="notice" data-tone="bad" role="alert">
          This browser has no room to keep what you type. Save before you leave.
        </p>
      )}
    </>
  )
}

interface StatusBarProps {
  open: OpenDocument
  path: string
  isWrapping: boolean
  onWrap: () => void
}

function StatusBar({
  open: { view, cursor, editor, document, loaded },
  path,
  isWrapping,
  onWrap,
}: StatusBarProps) {
  const isReadOnly = loaded !== null && 'text' in loaded && loaded.readOnly !== null
  const state = stateOf(view, isReadOnly)
  return (
    <footer>
      <span className="kept" role="status" data-tone={state.tone}>
        {state.words}
      </span>
      <span className="folder" title={showName(path)}>
        {showName(parentOf(path)) || 'Home'}
      </span>
      <span className="at">
        {cursor.line}:{cursor.column}
      </span>
      <span className="language">{languageOf(nameOf(path))?.name ?? 'Text'}</span>
      <Tool label="Find" Icon={SearchIcon} onClick={() => editor?.find()} />
      <Tool label="Wrap long lines" Icon={WrapIcon} aria-pressed={isWrapping} onClick={onWrap} />
      {!isReadOnly && (
        <Tool
          label="Save"
          Icon={CheckIcon}
          isWordy
          disabled={!view.isDirty || view.isSaving || view.theirs !== null}
          onClick={() => void document.save()}
        />
      )}
    </footer>
  )
}

function stateOf({ isDirty, isSaving, failure, theirs }: OpenDocument['view'], isReadOnly: boolean) {
  if (isReadOnly) return { words: 'Read only', tone: 'quiet' }
  if (theirs) return { words: 'Changed elsewhere', tone: 'bad' }
  if (failure !== null) return { words: 'Not saved', tone: 'bad' }
  if (isSaving) return { words: 'Saving', tone: 'busy' }
  return isDirty ? { words: 'Unsaved', tone: 'busy' } : { words: 'Saved', tone: 'good' }
}

interface RefusedProps {
  refused: Refusal
  message: string
  path: string
  onAgain: () => void
  onPreview: () => void
}

const Refused = ({ refused, message, path, onAgain, onPreview }: RefusedProps) => (
  <div className="refused" role="alert">
    <p>{message}</p>
    {refused === 'binary' && (
      <span>
        {partFor(nameOf(path)) === 'preview' && (
          <button type="button" className="button" onClick={onPreview}>
            Preview
          </button>
        )}
        <a className="button" href={files.downloadAddress(path)} download={nameOf(path)}>
          Download
        </a>
      </span>
    )}
    {(refused === 'failed' || refused === 'gone') && (
      <button type="button" className="button" onClick={onAgain}>
        Try again
      </button>
    )}
  </div>
)
