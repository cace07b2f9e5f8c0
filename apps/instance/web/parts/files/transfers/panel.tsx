/** How far everything is that is being brought in, and what it waits for. */
import { useRef, useState } from 'react'
import { nameOf, parentOf } from '../model/path.ts'
import { showName } from '../model/show-name.ts'
import { CheckIcon, CloseIcon, DownIcon, PauseIcon, PlayIcon, UpIcon } from '../ui/icons.ts'
import { Tool } from '../ui/tool.tsx'
import { countInWords, sizeInWords } from '../ui/words.ts'
import { transfers, useTransfers } from './page.ts'
import { type Totals, type Transfer, type TransferState, totalsOf } from './transfer.ts'

/** What needs somebody comes first; what is done, last. */
const URGENCY: readonly TransferState[] = ['asking', 'failed', 'lost', 'sending', 'paused', 'waiting', 'done']
const SHOWN = 40

export function TransferPanel() {
  const { transfers: all, halted } = useTransfers()
  const [isWanted, setIsWanted] = useState<boolean | null>(null)
  if (all.length === 0) return null
  const totals = totalsOf(all)
  const ids = all.map(({ id }) => id)
  const isOver = totals.done === totals.files
  // What is done needs nobody, and makes room for the files themselves.
  const isOpen = isWanted ?? !isOver
  const isResting = totals.states.sending + totals.states.waiting === 0
  const shown = [...all].sort((a, b) => URGENCY.indexOf(a.state) - URGENCY.indexOf(b.state)).slice(0, SHOWN)
  return (
    <section className="transfers" aria-label="Transfers" data-open={isOpen}>
      <header>
        <p role="status">{summaryOf(totals)}</p>
        {!isOver && !isResting && (
          <Tool label="Pause all" Icon={PauseIcon} onClick={() => transfers.pause(ids)} />
        )}
        {!isOver && isResting && <Tool label="Go on" Icon={PlayIcon} onClick={() => transfers.resume(ids)} />}
        <Tool
          label={isOpen ? 'Fold transfers' : 'Unfold transfers'}
          Icon={isOpen ? DownIcon : UpIcon}
          onClick={() => setIsWanted(!isOpen)}
        />
        <Tool
          label={isOver ? 'Close transfers' : 'Cancel all'}
          Icon={CloseIcon}
          onClick={() => (isOver ? transfers.clearDone() : transfers.cancel(ids))}
        />
      </header>
      <progress
        max={Math.max(1, totals.bytes)}
        value={isOver ? Math.max(1, totals.bytes) : totals.sentBytes}
        aria-label="All transfers"
      />
      {halted !== null && (
        <p className="notice" data-tone="bad" role="alert">
          <span>{halted}</span>
          <button type="button" onClick={() => transfers.resume(ids)}>
            Try again
          </button>
        </p>
      )}
      {isOpen && (
        <>
          <Questions all={all} />
          <ul>
            {shown.map((one) => (
              <Row key={one.id} transfer={one} />
            ))}
            {all.length > shown.length && (
              <li className="more">and {countInWords(all.length - shown.length, 'more file')}</li>
            )}
          </ul>
        </>
      )}
    </section>
  )
}

function summaryOf({ files, done, bytes, sentBytes, states }: Totals): string {
  if (done === files) return `${countInWords(files, 'file')} brought in`
  if (states.asking > 0) return `${countInWords(states.asking, 'file')} already there`
  const size = `${sizeInWords(sentBytes)} of ${sizeInWords(bytes)}`
  if (states.sending === 0 && states.waiting === 0) return `Stopped at ${size}`
  return files === 1
    ? `Bringing in ${size}`
    : `Bringing in ${done + 1} of ${countInWords(files, 'file')}, ${size}`
}

/** One question for all that came together. */
function Questions({ all }: { all: readonly Transfer[] }) {
  const picker = useRef<HTMLInputElement>(null)
  const [unfit, setUnfit] = useState(false)
  const asking = all.filter(({ state }) => state === 'asking')
  const lost = all.filter(({ state }) => state === 'lost')
  const batches = [...new Set(asking.map(({ batch }) => batch))]
  return (
    <>
      {batches.map((batch) => {
        const [first, ...others] = asking.filter((one) => one.batch === batch)
        const answer = (value: 'replace' | 'rename' | 'skip') => () => transfers.answer(batch, value)
        const names = `“${showName(nameOf(first?.path ?? ''))}”`
        return (
          <div className="question" role="alert" key={batch}>
            <p>
              {others.length === 0
                ? `${names} is already there.`
                : `${names} and ${others.length} more are already there.`}
            </p>
            <button type="button" className="button" onClick={answer('rename')}>
              Keep both
            </button>
            <button type="button" className="button" onClick={answer('replace')}>
              Replace
            </button>
            <button type="button" className="button" onClick={answer('skip')}>
              Skip
            </button>
          </div>
        )
      })}
      {lost.length > 0 && (
        <div className="question">
          <p>
            {unfit
              ? 'None of these is the same file. Choose the ones that you began with.'
              : `Since this page was loaded anew, I need ${lost.length === 1 ? 'this file' : 'these files'} once more to go on.`}
          </p>
          <button type="button" className="button" onClick={() => picker.current?.click()}>
            Choose again
          </button>
          <input
            ref={picker}
            type="file"
            multiple
            hidden
            onChange={({ target }) => {
              setUnfit(transfers.supply([...(target.files ?? [])]) === 0)
              target.value = ''
            }}
          />
        </div>
      )}
    </>
  )
}

const STATE_WORDS: Record<TransferState, string> = {
  waiting: 'Waiting',
  sending: '',
  paused: 'Paused',
  asking: 'Already there',
  failed: 'Not brought in',
  lost: 'Needs the file once more',
  done: '',
}

function Row({ transfer }: { transfer: Transfer }) {
  const { id, path, size, sent, state, message } = transfer
  const name = showName(nameOf(path))
  const percent = size === 0 ? 0 : Math.floor((sent / size) * 100)
  const words = message ?? (STATE_WORDS[state] || (state === 'done' ? sizeInWords(size) : `${percent} %`))
  return (
    <li data-state={state}>
      <div>
        <b title={path}>{name}</b>
        <span>{[words, showName(parentOf(path))].filter((part) => part !== '').join(' · ')}</span>
        {state === 'sending' && <progress max={Math.max(1, size)} value={sent} aria-label={name} />}
      </div>
      {state === 'done' && (
        <span className="done" role="img" aria-label="Done">
          <CheckIcon />
        </span>
      )}
      {(state === 'sending' || state === 'waiting') && (
        <Tool label={`Pause ${name}`} Icon={PauseIcon} onClick={() => transfers.pause([id])} />
      )}
      {state === 'paused' && (
        <Tool label={`Go on with ${name}`} Icon={PlayIcon} onClick={() => transfers.resume([id])} />
      )}
      {state === 'failed' && (
        <button
          type="button"
          className="tool wordy"
          aria-label={`Try ${name} again`}
          onClick={() => transfers.resume([id])}
        >
          Try again
        </button>
      )}
      {state !== 'done' && (
        <Tool label={`Cancel ${name}`} Icon={CloseIcon} onClick={() => transfers.cancel([id])} />
      )}
    </li>
  )
}
