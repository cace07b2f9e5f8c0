/** A block of code: coloured once its language is loaded, to be copied, and to be saved as a file. */
import { LanguageSupport } from '@codemirror/language'
import { classHighlighter, highlightTree } from '@lezer/highlight'
import { type ReactNode, useEffect, useId, useMemo, useState } from 'react'
import { languageOf } from '../../editor/languages.ts'
import { files } from '../../files/client/files.ts'
import { wordsOf } from '../../files/client/problem.ts'
import { CopyIcon, SaveIcon } from './icons.tsx'

/** As models name languages, where that is no ending of a file. */
const ENDINGS: Record<string, string> = {
  ...{ javascript: 'js', typescript: 'ts', python: 'py', bash: 'sh', shell: 'sh', console: 'sh', zsh: 'sh' },
  ...{ markdown: 'md', rust: 'rs', golang: 'go', ruby: 'rb', kotlin: 'kt', csharp: 'cs', 'c++': 'cpp' },
  ...{ dockerfile: 'dockerfile', plaintext: 'txt', text: 'txt', perl: 'pl' },
}
const endingOf = (language: string) => ENDINGS[language.toLowerCase()] ?? language.toLowerCase()

/** Longer ones are shown as they are. */
const COLOURED_AT_MOST = 60_000

export interface CodeProps {
  text: string
  language: string
  /** Of the file that it is, if it is one. */
  path?: string
  /** Opens what was saved. */
  onOpen: (path: string) => void
}

export function Code({ text, language, path, onOpen }: CodeProps) {
  const [isSaving, setIsSaving] = useState(false)
  const [said, setSaid] = useState('')
  const shown = text.replace(/\n$/, '')
  const coloured = useColours(shown, path ?? (language === '' ? '' : `code.${endingOf(language)}`))
  const copy = () =>
    navigator.clipboard.writeText(shown).then(
      () => setSaid('Copied.'),
      () => setSaid('Your browser does not let me copy.'),
    )
  return (
    <figure className="code">
      <figcaption>
        <span>{path ?? language}</span>
        <span className="said" role="status">
          {said}
        </span>
        <button type="button" onClick={copy} aria-label="Copy code" title="Copy">
          <CopyIcon />
        </button>
        {path === undefined && (
          <button
            type="button"
            onClick={() => setIsSaving(!isSaving)}
            aria-label="Save as file"
            aria-expanded={isSaving}
            title="Save as file"
          >
            <SaveIcon />
          </button>
        )}
      </figcaption>
      {isSaving && (
        <SaveForm
          text={text}
          name={`notes/untitled.${endingOf(language) || 'txt'}`}
          onDone={(saved) => {
            setIsSaving(false)
            setSaid(saved === null ? '' : 'Saved.')
            if (saved !== null) onOpen(saved)
          }}
        />
      )}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be scrolled by keys. */}
      <pre tabIndex={0}>
        <code>{coloured}</code>
      </pre>
    </figure>
  )
}

interface SaveFormProps {
  text: string
  name: string
  onDone: (path: string | null) => void
}

function SaveForm({ text, name, onDone }: SaveFormProps) {
  const [path, setPath] = useState(name)
  const [problem, setProblem] = useState<string | null>(null)
  const id = useId()
  const save = () =>
    files.write(path.replace(/^(~\/|\/)/, ''), text, null).then(
      (saved) => onDone(saved.path),
      (error) => setProblem(wordsOf(error)),
    )
  return (
    <form
      className="save"
      onSubmit={(event) => {
        event.preventDefault()
        void save()
      }}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return
        event.stopPropagation()
        onDone(null)
      }}
    >
      <label htmlFor={id}>Save as</label>
      <input
        id={id}
        // biome-ignore lint/a11y/noAutofocus: it was asked for just now.
        autoFocus
        value={path}
        autoCapitalize="none"
        spellCheck={false}
        onChange={(event) => setPath(event.target.value)}
      />
      <button type="submit">Save</button>
      <button type="button" onClick={() => onDone(null)}>
        Cancel
      </button>
      <p role="alert">{problem}</p>
    </form>
  )
}

/** The text, in pieces of their colours. Colours come when they are loaded; nothing moves then. */
function useColours(text: string, name: string): ReactNode {
  const [support, setSupport] = useState<{ name: string; parser: Parser } | null>(null)
  useEffect(() => {
    const language = name === '' ? null : languageOf(name.slice(name.lastIndexOf('/') + 1))
    if (!language) return
    let isGone = false
    language.load().then(
      (loaded) => {
        const { parser } = loaded instanceof LanguageSupport ? loaded.language : loaded
        if (!isGone) setSupport({ name, parser })
      },
      () => undefined,
    )
    return () => {
      isGone = true
    }
  }, [name])
  return useMemo(() => {
    if (support?.name !== name || text.length > COLOURED_AT_MOST) return text
    return colouredBy(support.parser, text)
  }, [support, name, text])
}

type Parser = LanguageSupport['language']['parser']

function colouredBy(parser: Parser, text: string): ReactNode[] {
  const pieces: ReactNode[] = []
  let end = 0
  highlightTree(parser.parse(text), classHighlighter, (from, to, classes) => {
    if (from > end) pieces.push(text.slice(end, from))
    pieces.push(
      <span key={from} className={classes}>
        {text.slice(from, to)}
      </span>,
    )
    end = to
  })
  return [...pieces, text.slice(end)]
}
