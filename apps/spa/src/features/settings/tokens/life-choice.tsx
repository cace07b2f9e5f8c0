/** How long a token lives: never for ever. */
import { TOKEN_LIVES_DAYS } from '@matrixos/shared'

export type TokenDays = (typeof TOKEN_LIVES_DAYS)[number]

const WORDS: Record<TokenDays, string> = { 7: '7 days', 30: '30 days', 90: '90 days', 365: '1 year' }

export const LifeChoice = ({ days, onChange }: { days: TokenDays; onChange: (days: TokenDays) => void }) => (
  <fieldset className="mt-6">
    <legend className="font-medium text-sm">Expires after</legend>
    <div className="mt-3 grid grid-cols-4 gap-2">
      {TOKEN_LIVES_DAYS.map((life) => (
        <label
          key={life}
          className="flex h-11 cursor-pointer items-center justify-center rounded-control border border-line text-sm hover:border-line-strong has-checked:border-accent has-checked:bg-accent-soft has-checked:font-medium has-focus-visible:outline-2 has-focus-visible:outline-accent"
        >
          <input
            type="radio"
            name="life"
            className="sr-only"
            checked={days === life}
            onChange={() => onChange(life)}
          />
          {WORDS[life]}
        </label>
      ))}
    </div>
  </fieldset>
)
