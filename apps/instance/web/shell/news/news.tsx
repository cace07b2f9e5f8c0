/** What the person has to know now, one thing at a time: without a connection nothing else matters. */
import { pulse } from '../connection/pulse.ts'
import { restart } from '../connection/restarts.ts'
import { openPart, windows } from '../desk.ts'
import { useStore } from '../store.ts'
import { frontOf } from '../windows/model.ts'
import { CREDITS_WORDS, creditsAlert } from './credits.ts'
import { LOOKS } from './state.ts'
import { useSettledLink } from './use-settled-link.ts'
import { waiting } from './waiting.ts'

export function News() {
  const link = useSettledLink()
  const alert = useStore(creditsAlert)
  const front = frontOf(useStore(windows))
  const asked = useStore(waiting)
  const { sentence } = LOOKS[link]
  const killed = useStore(restart)
  const isConnected = sentence === undefined
  // Where it is in front, it says so itself.
  const need = isConnected && killed === null && asked?.part !== front?.part ? asked : null
  return (
    <div className="news" role="status">
      {sentence !== undefined && (
        <div className="lost" id="lost">
          <p>{sentence}</p>
          {link === 'signed-out' && <a href="/">Continue</a>}
        </div>
      )}
      {isConnected && killed !== null && (
        <div className="need" id="restarted">
          <p>{killed}</p>
          <button type="button" onClick={() => restart.set(null)}>
            OK
          </button>
        </div>
      )}
      {need !== null && (
        <div className="need" id="need">
          <p>{need.words}</p>
          <button type="button" onClick={() => openPart({ part: need.part })}>
            Show
          </button>
        </div>
      )}
      {isConnected && killed === null && need === null && alert !== null && (
        <div className="credits" id="credits">
          <p>{CREDITS_WORDS[alert].words}</p>
          <a href="/.mos/credits">{CREDITS_WORDS[alert].link}</a>
        </div>
      )}
    </div>
  )
}

export function StateLamp() {
  const { lamp, word } = LOOKS[useStore(pulse)]
  return (
    <span className="state" id="state" data-lamp={lamp}>
      <i />
      <span id="state-word">{word}</span>
    </span>
  )
}
