/** What is wrong in `config.json`, and where. */
import type { ConfigProblem } from '../../../../src/channels/config.ts'

export function Problems({ problems, onEdit }: { problems: readonly ConfigProblem[]; onEdit: () => void }) {
  if (problems.length === 0) return null
  return (
    <div className="problems" role="alert">
      <p>
        There is a mistake in <code>config.json</code>. What is right in it stays as it is; I change nothing
        there until it can be read.
      </p>
      <ul>
        {problems.map(({ place, words }) => (
          <li key={`${place} ${words}`}>
            {place && <code>{place}</code>} {words}
          </li>
        ))}
      </ul>
      <button type="button" className="button" onClick={onEdit}>
        Open config.json
      </button>
    </div>
  )
}
