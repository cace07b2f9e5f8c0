/** Notifications on this device: one switch, which asks the browser only when it is pressed. */
import { useEffect, useState } from 'react'
import { PushProblem, type PushState, readPush, sendTest, switchOff, switchOn } from './push.ts'

const WORDS: Record<PushState, string> = {
  on: 'I tell you on this device what happened while you were away.',
  off: 'When you are away, I can tell you on this device when your AI credits run out.',
  denied:
    'This browser does not allow me to. Allow notifications for this site in its settings, then come back.',
  unavailable:
    'This browser has no notifications for this page. On an iPhone, add it to the home screen first.',
}

const NO_SERVICE = 'The push service of this browser did not answer. Try again later.'
const OFF_WITH_TERMINAL =
  'When you are away, I can tell you on this device when a long-running program in a terminal ends, or your AI credits run out.'

export function Notifications({ hasTerminal }: { hasTerminal: boolean }) {
  const [state, setState] = useState<PushState | null>(null)
  const [isBusy, setIsBusy] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)
  useEffect(() => {
    readPush().then(setState, () => setState('unavailable'))
  }, [])
  const change = async () => {
    setIsBusy(true)
    setProblem(null)
    try {
      setState(await (state === 'on' ? switchOff() : switchOn()))
    } catch (error) {
      setProblem(error instanceof PushProblem ? error.message : NO_SERVICE)
    }
    setIsBusy(false)
  }
  const test = async () => {
    setProblem((await sendTest()) ? null : 'The push service did not take it. Try again later.')
  }
  const canSwitch = state === 'on' || state === 'off'
  return (
    <section aria-labelledby="settings-notifications">
      <h3 id="settings-notifications">Notifications</h3>
      <label className="switch">
        <input
          type="checkbox"
          role="switch"
          checked={state === 'on'}
          aria-checked={state === 'on'}
          disabled={!canSwitch || isBusy}
          onChange={change}
          aria-describedby="settings-notifications-words"
        />
        <span>Notify me on this device</span>
      </label>
      <p id="settings-notifications-words" className="words">
        {state === 'off' && hasTerminal ? OFF_WITH_TERMINAL : state && WORDS[state]}
      </p>
      <div role="status">{problem && <p className="problem">{problem}</p>}</div>
      {state === 'on' && (
        <button type="button" className="button" onClick={test}>
          Send one now
        </button>
      )}
    </section>
  )
}
