/** An answer: words, what was done, how it ended, and what it cost. */
import { memo } from 'react'
import type { Block, Failure } from '../../../../src/chat/log/entry.ts'
import { type Conversation, costOf, type Turn, textOf } from '../../../../src/chat/log/tree.ts'
import type { Running } from '../../../../src/chat/protocol.ts'
import { renderMarkdown } from '../../preview/markdown/render.tsx'
import type { ChatActs } from './acts.ts'
import { Branches, type BranchesProps } from './branches.tsx'
import { Code } from './code.tsx'
import { AgainIcon, CopyIcon } from './icons.tsx'
import { ToolRow } from './tool-row.tsx'
import { costInWords, ENDINGS } from './words.ts'

export interface AnswerProps extends BranchesProps {
  turn: Turn
  conversation: Conversation
  /** `null`: it is over. */
  running: Running | null
  isLast: boolean
  isBusy: boolean
  acts: ChatActs
}

export function Answer({ turn, conversation, running, isLast, isBusy, acts, ...branches }: AnswerProps) {
  const cost = costOf(turn)
  const text = textOf(turn)
  const blocks = turn.steps.flatMap(({ content }) => content)
  const atWork = running ? firstOpen(blocks, conversation) : null
  const isEmpty = running !== null && running.text === '' && running.tools.length === 0 && atWork === null
  return (
    <article className="answer" aria-label="Me" aria-busy={running !== null}>
      {turn.notes.map((note) => (
        <p key={note} className="note">
          {note}
        </p>
      ))}
      {blocks.map((block, index) => (
        <Piece
          key={keyOf(block, index)}
          {...{ block, conversation, running, acts }}
          isAtWork={blockId(block) === atWork}
        />
      ))}
      {running && running.text !== '' && <Words text={running.text} acts={acts} />}
      {running?.tools.map(({ id, name, input }) => (
        <ToolRow
          key={id}
          {...{ id, name, input, acts }}
          isRunning
          result={undefined}
          output=""
          question={null}
          isUndone={false}
        />
      ))}
      {isEmpty && (
        <p className="thinking">
          <i />
          <i />
          <i />
          <span className="spoken">I’m thinking.</span>
        </p>
      )}
      <Ending {...{ turn, isLast, isBusy, acts }} />
      {turn.ended && (
        <div className="actions">
          <Branches {...branches} />
          {text !== '' && (
            <button
              type="button"
              onClick={() => void navigator.clipboard.writeText(text).catch(() => undefined)}
              aria-label="Copy answer"
              title="Copy"
            >
              <CopyIcon />
            </button>
          )}
          <button
            type="button"
            disabled={isBusy}
            onClick={() => acts.retry(turn.parent)}
            aria-label="Answer again"
            title="Answer again"
          >
            <AgainIcon />
          </button>
          {cost && <span className="cost">{costInWords(cost)}</span>}
        </div>
      )}
    </article>
  )
}

const blockId = (block: Block) => (block.type === 'tool_use' ? block.id : null)
const keyOf = (block: Block, index: number) => blockId(block) ?? `${index}`

/** The call that is at work: those after it wait. */
function firstOpen(blocks: readonly Block[], { results }: Conversation): string | null {
  const open = blocks.find((block) => block.type === 'tool_use' && !results.has(block.id))
  return open ? blockId(open) : null
}

interface PieceProps {
  block: Block
  conversation: Conversation
  running: Running | null
  isAtWork: boolean
  acts: ChatActs
}

function Piece({ block, conversation, running, isAtWork, acts }: PieceProps) {
  if (block.type === 'text') return <Words text={block.text} acts={acts} />
  if (block.type !== 'tool_use') return null
  const { id, name, input } = block
  const question = running?.question?.tool === id ? running.question : null
  return (
    <ToolRow
      {...{ id, name, input, question, acts }}
      isRunning={isAtWork}
      result={conversation.results.get(id)}
      output={running?.output[id] ?? ''}
      isUndone={conversation.undone.has(id)}
    />
  )
}

/** Parsed anew only when it changes. */
const Words = memo(
  ({ text, acts }: { text: string; acts: ChatActs }) => (
    <div className="words-of-mine">
      {renderMarkdown(text, {
        path: '',
        onOpen: acts.openFile,
        renderCode: (code, language) => <Code text={code} language={language} onOpen={acts.openFile} />,
      })}
    </div>
  ),
  (before, after) => before.text === after.text,
)

function Ending({ turn, isLast, isBusy, acts }: Pick<AnswerProps, 'turn' | 'isLast' | 'isBusy' | 'acts'>) {
  const { ended, parent } = turn
  if (!ended || ended.how === 'done') return null
  const { failure, how } = ended
  const words = failure?.words ?? (how === 'failed' ? 'That did not work.' : ENDINGS[how])
  return (
    <div className="ending" data-bad={how === 'failed' || how === 'interrupted'}>
      <p>{words}</p>
      {isLast && (
        <div className="choices">
          {failure && <Ways failure={failure} />}
          {(how === 'limit' || how === 'cut') && (
            <button
              type="button"
              className="yes"
              disabled={isBusy}
              onClick={() => acts.say({ text: 'Go on.', images: [] })}
            >
              Go on
            </button>
          )}
          <button type="button" disabled={isBusy} onClick={() => acts.retry(parent)}>
            Try again
          </button>
        </div>
      )}
    </div>
  )
}

/** What can be done about credits and keys is done on the platform. */
const Ways = ({ failure: { kind } }: { failure: Failure }) =>
  kind === 'credits' || kind === 'key' ? (
    <>
      {kind === 'credits' && (
        <a href="/.mos/more-credits" className="button-like yes">
          Request more
        </a>
      )}
      <a href="/.mos/own-key" className="button-like">
        Use your own key
      </a>
    </>
  ) : null
