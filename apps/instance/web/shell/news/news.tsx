/** What the person has to know now, one thing at a time: without a connection nothing else matters. */
import { pulse } from '../connection/pulse.ts'
import { useStore } from '../store.ts'
import { CREDITS_WORDS, creditsAlert } from './credits.ts'
import { LOOKS } from './state.ts'
import { useSettledLink } from './use-settled-link.ts'

export function News() {
  const link = useSettledLink()
  const alert = useStore(creditsAlert)
  const { sentence } = LOOKS[link]
  return (
    <div className="news" role="status">
      {sentence !== undefined && (
        <div className="lost" id="lost">
          <p>{sentence}</p>
          {link === 'signed-out' && <a href="/">Continue</a>}
        </div>
      )}
      {sentence === undefined && alert !== null && (
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
