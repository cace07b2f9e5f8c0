/** One call of a tool: a line that unfolds, live while it runs. */
import { useEffect, useRef, useState } from 'react'
import type { Result } from '../../../../src/chat/log/tree.ts'
import type { Question as Asked } from '../../../../src/chat/protocol.ts'
import type { ChatActs } from './acts.ts'
import { Code } from './code.tsx'
import { ChevronIcon, UndoIcon } from './icons.tsx'
import { Question } from './question.tsx'
import { toolInWords } from './words.ts'

export interface ToolRowProps {
  id: string
  name: string
  input: unknown
  /** It is the one that is at work, or still coming. */
  isRunning: boolean
  result: Result | undefined
  output: string
  question: Asked | null
  isUndone: boolean
  acts: ChatActs
}

export function ToolRow(props: ToolRowProps) {
  const { id, name, input, isRunning, result, output, question, isUndone, acts } = props
  const isLive = isRunning && name === 'run_command' && output !== ''
  const [isUnfolded, setIsUnfolded] = useState(false)
  const state = result ? (result.isError ? 'failed' : 'done') : 'coming'
  const words = toolInWords(name, input, state === 'done')
  const letters = lettersOf(input)
  const isOpen = isUnfolded || isLive
  return (
    <div className="tool-call" data-state={isRunning ? 'running' : state}>
      <div className="line">
        <button type="button" className="fold" aria-expanded={isOpen} onClick={() => setIsUnfolded(!isOpen)}>
          <i className="lamp" aria-hidden="true" />
          <span className={name === 'run_command' ? 'words command' : 'words'}>{words}</span>
          {isRunning && letters > 0 && (
            <span className="letters">{letters.toLocaleString('en')} letters</span>
          )}
          {state === 'failed' && <span className="mark">did not work</span>}
          {isUndone && <span className="mark">taken back</span>}
          <ChevronIcon />
        </button>
        {isRunning && name === 'run_command' && !question && (
          <button type="button" className="small" onClick={acts.stop}>
            Stop
          </button>
        )}
        {result?.changes && !isUndone && (
          <button type="button" className="small" onClick={() => acts.undo(id)}>
            <UndoIcon /> Undo
          </button>
        )}
      </div>
      {question && <Question question={question} onDecide={(decision) => acts.decide(id, decision)} />}
      {result?.app && !isUndone && (
        <button type="button" className="open-app" onClick={() => acts.openApp(result.app?.name ?? '')}>
          Open {result.app.title}
        </button>
      )}
      {isOpen && <Details {...props} />}
    </div>
  )
}

function lettersOf(input: unknown): number {
  const letters =
    typeof input === 'object' && input !== null && 'letters' in input ? Number(input.letters) : 0
  return Number.isFinite(letters) ? letters : 0
}

const field = (input: unknown, key: string): string => {
  const value = typeof input === 'object' && input !== null ? Reflect.get(input, key) : undefined
  return typeof value === 'string' ? value : ''
}

function Details({ name, input, result, output, acts }: ToolRowProps) {
  const path = field(input, 'path')
  if (name === 'run_command')
    return <Output text={result ? result.text : output} isEnded={result !== undefined} />
  if (name === 'write_file' && field(input, 'content') !== '') {
    return (
      <>
        {result?.isError && <p className="problem">{result.text}</p>}
        <Code text={field(input, 'content')} language="" path={path} onOpen={acts.openFile} />
        {result && !result.isError && (
          <button type="button" className="small" onClick={() => acts.openFile(path)}>
            Open the file
          </button>
        )}
      </>
    )
  }
  if (name === 'edit_file') {
    return (
      <>
        {result?.isError && <p className="problem">{result.text}</p>}
        <pre className="change">
          <del>{field(input, 'old_text')}</del>
          <ins>{field(input, 'new_text')}</ins>
        </pre>
      </>
    )
  }
  return <pre className="result">{result ? result.text : 'At work …'}</pre>
}

/** Keeps to its end while it grows. */
function Output({ text, isEnded }: { text: string; isEnded: boolean }) {
  const element = useRef<HTMLPreElement>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: with each piece that comes.
  useEffect(() => {
    const it = element.current
    if (it && !isEnded) it.scrollTop = it.scrollHeight
  }, [text, isEnded])
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be scrolled by keys.
    <pre className="result" ref={element} tabIndex={0}>
      {text}
    </pre>
  )
}
