/** What was found, as it is found. */
import { useVirtualizer } from '@tanstack/react-virtual'
import { useRef } from 'react'
import type { SearchQuestion } from '../client/search.ts'
import { nameOf, parentOf } from '../model/path.ts'
import { showName } from '../model/show-name.ts'
import { iconOf } from '../ui/icons.ts'
import { countInWords } from '../ui/words.ts'
import { onSearchKey } from './keys.ts'
import { type Done, type Match, useSearch } from './use-search.ts'

export interface SearchViewProps {
  question: SearchQuestion
  onQuestion: (question: SearchQuestion) => void
  folderName: string
  onOpen: (match: Match) => void
  onEnd: () => void
}

const ROW = 56

export function SearchView({ question, onQuestion, folderName, onOpen, onEnd }: SearchViewProps) {
  const { matches, done, failure } = useSearch(question)
  const scroller = useRef<HTMLDivElement>(null)
  const virtual = useVirtualizer({
    count: matches.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    overscan: 10,
  })
  return (
    <section className="search" aria-label="Search results">
      <div className="choices">
        <fieldset className="segments">
          <legend>Look in</legend>
          {(['names', 'contents'] as const).map((where) => (
            <button
              key={where}
              type="button"
              aria-pressed={question.in === where}
              onClick={() => onQuestion({ ...question, in: where })}
            >
              {where === 'names' ? 'Names' : 'Contents'}
            </button>
          ))}
        </fieldset>
        <p role="status">{failure ?? statusOf(question, folderName, matches.length, done)}</p>
      </div>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the buttons in it have the focus. */}
      <div className="found" ref={scroller} onKeyDown={(event) => onSearchKey(event, onEnd)}>
        <ul style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map(({ index, start }) => {
            const match = matches[index]
            if (!match) return null
            const Icon = iconOf({ kind: match.kind, name: nameOf(match.path) })
            return (
              <li key={index} style={{ transform: `translateY(${start}px)`, height: ROW }}>
                <button type="button" onClick={() => onOpen(match)}>
                  <Icon />
                  <span>
                    <b>
                      {showName(nameOf(match.path))}
                      {match.line !== undefined && <i>line {match.line}</i>}
                    </b>
                    <small>
                      {match.text === undefined ? (
                        showName(parentOf(match.path)) || 'Home'
                      ) : (
                        <Marked text={match.text} query={question.query} />
                      )}
                    </small>
                  </span>
                </button>
              </li>
            )
          })}
        </ul>
      </div>
    </section>
  )
}

function Marked({ text, query }: { text: string; query: string }) {
  const at = text.toLocaleLowerCase().indexOf(query.toLocaleLowerCase())
  if (at === -1) return <code>{showName(text)}</code>
  const end = at + query.length
  return (
    <code>
      {showName(text.slice(0, at))}
      <mark>{showName(text.slice(at, end))}</mark>
      {showName(text.slice(end))}
    </code>
  )
}

function statusOf({ query }: SearchQuestion, folder: string, count: number, done: Done | null): string {
  if (query.trim() === '') return `Searches ${folder} and everything in it.`
  if (!done)
    return count === 0 ? `Searching ${folder}…` : `${countInWords(count, 'match', 'matches')} so far…`
  if (count === 0)
    return done.stoppedBy === null
      ? `Nothing in ${folder} matches.`
      : 'Nothing so far, and I stopped: search a smaller folder.'
  const found = countInWords(count, 'match', 'matches')
  if (done.stoppedBy === 'results') return `The first ${found}. Type more to narrow it down.`
  if (done.stoppedBy !== null) return `${found}, then I stopped: search a smaller folder for the rest.`
  return `${found} in ${folder}.`
}
