/** What one's computer printed in its last runs; the present one goes on as it prints. Asked for when it is opened. */
import type { InstanceId, OutputView, RunView } from '@matrixos/shared'
import { skipToken } from '@tanstack/react-query'
import { type UIEvent, useLayoutEffect, useRef, useState } from 'react'
import { errorText } from '../../lib/errors.ts'
import { timeAgo } from '../../lib/time.ts'
import { trpc } from '../../lib/trpc.ts'
import { useNow } from '../../lib/use-now.ts'
import { Button } from '../../ui/button.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'

/** Between two looks at which runs there are; the present one is told of as it prints. */
const REFRESH_MS = 5_000

export function OutputSection({ instanceId }: { instanceId: InstanceId }) {
  const [isOpen, setOpen] = useState(false)
  return (
    <section aria-labelledby="output" className="mt-8 rounded-card border border-line px-6 py-6 sm:px-8">
      <div className="flex flex-wrap items-center justify-between gap-5">
        <div className="min-w-0 flex-1 basis-64">
          <h2 id="output" className="font-semibold">
            Log
          </h2>
          <p className="mt-1 text-muted text-sm leading-6">
            What your computer printed in its last three runs, without keys and passwords.
          </p>
        </div>
        <Button size="sm" variant="secondary" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          {isOpen ? 'Hide' : 'Show'}
        </Button>
      </div>
      {isOpen && <Runs instanceId={instanceId} />}
    </section>
  )
}

function Runs({ instanceId }: { instanceId: InstanceId }) {
  const [run, setRun] = useState(0)
  /** Runs are asked for by their place, which moves as another begins. `null`: whichever is the newest. */
  const [chosen, setChosen] = useState<string | null>(null)
  const now = useNow(15_000)
  const [live, setLive] = useState<string | null>(null)
  const output = trpc.output.of.useQuery({ instanceId, run }, { refetchInterval: REFRESH_MS })
  trpc.output.follow.useSubscription(run === 0 ? { instanceId } : skipToken, {
    onData: ({ data }) => setLive(data),
    onError: () => setLive(null),
  })
  // By the newest answer: what was kept of another run may know of fewer.
  const [{ runs, at }, setSeen] = useState({ runs: [] as RunView[], at: 0 })
  if (output.data && output.dataUpdatedAt > at) setSeen({ runs: output.data.runs, at: output.dataUpdatedAt })
  const place = runs.findIndex((each) => keyOf(each) === chosen)
  if (place >= 0 && place !== run) setRun(place)
  return (
    <>
      {runs.length > 1 && (
        <fieldset className="mt-4 flex flex-wrap gap-2">
          <legend className="sr-only">Run</legend>
          {runs.map((each, nth) => (
            <Button
              key={keyOf(each)}
              size="sm"
              variant={nth === run ? 'primary' : 'secondary'}
              aria-pressed={nth === run}
              onClick={() => {
                setChosen(keyOf(each))
                setRun(nth)
              }}
            >
              {runWords(each, now)}
            </Button>
          ))}
        </fieldset>
      )}
      <Text key={run} output={output} live={run === 0 ? live : null} />
    </>
  )
}

const ENDS: Partial<Record<NonNullable<RunView['how']>, string>> = {
  slept: 'Fell asleep',
  crashed: 'Crashed',
  restarted: 'Restarted',
  failed: 'Failed',
}

const keyOf = ({ endedAt }: RunView): string => endedAt ?? 'present'

const runWords = ({ endedAt, how }: RunView, now: number): string =>
  endedAt === null ? 'Running now' : `${(how && ENDS[how]) ?? 'Ended'} ${timeAgo(endedAt, now)}`

interface TextProps {
  output: { data: OutputView | undefined; error: unknown }
  /** What is newer than the answer. */
  live: string | null
}

/** Scrolls, so the keyboard has to reach it. */
const scrollable = { tabIndex: 0, role: 'region', 'aria-label': 'What it printed' }

function Text({ output, live }: TextProps) {
  const text = live ?? output.data?.text
  const end = useLogEnd(text)
  if (text === undefined && output.error) {
    return (
      <Notice tone="error" className="mt-4">
        {errorText(output.error)}
      </Notice>
    )
  }
  if (text === undefined) return <Skeleton className="mt-4 h-24" />
  if (text === '') return <p className="mt-4 text-muted text-sm">It printed nothing.</p>
  return (
    <pre
      {...scrollable}
      ref={end.pre}
      onScroll={end.onScroll}
      className="mt-4 max-h-80 overflow-auto whitespace-pre-wrap break-words rounded-control border border-line bg-sunken p-4 font-mono text-xs leading-5"
    >
      {text}
    </pre>
  )
}

/** The newest lines are what people look for; whoever has scrolled up to read older ones is left there. */
function useLogEnd(text: string | undefined) {
  const pre = useRef<HTMLPreElement>(null)
  const isAtEnd = useRef(true)
  // biome-ignore lint/correctness/useExhaustiveDependencies: each new text moves the end.
  useLayoutEffect(() => {
    if (pre.current && isAtEnd.current) pre.current.scrollTop = pre.current.scrollHeight
  }, [text])
  const onScroll = ({ currentTarget }: UIEvent<HTMLPreElement>) => {
    isAtEnd.current = isNearEnd(currentTarget)
  }
  return { pre, onScroll }
}

/** Within a line of it. */
const isNearEnd = ({ scrollHeight, scrollTop, clientHeight }: HTMLElement): boolean =>
  scrollHeight - scrollTop - clientHeight < 20
