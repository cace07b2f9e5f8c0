/** Asks for leave, where it is needed. */
import type { Question as Asked } from '../../../../src/chat/protocol.ts'

export interface QuestionProps {
  question: Asked
  onDecide: (decision: 'once' | 'always' | 'deny') => void
}

export const Question = ({ question: { words, command }, onDecide }: QuestionProps) => (
  <fieldset className="question">
    <legend>May I?</legend>
    {command !== null && <pre>{command}</pre>}
    <p>{words}</p>
    <div className="choices">
      <button type="button" className="yes" onClick={() => onDecide('once')}>
        Allow once
      </button>
      <button type="button" onClick={() => onDecide('always')}>
        Always in this conversation
      </button>
      <button type="button" onClick={() => onDecide('deny')}>
        Deny
      </button>
    </div>
  </fieldset>
)
