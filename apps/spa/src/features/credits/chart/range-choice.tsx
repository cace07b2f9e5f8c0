/** How many days a chart shows. */
export const RANGES = [7, 30, 90] as const
export type Range = (typeof RANGES)[number]

export interface RangeChoiceProps {
  days: Range
  onDays: (days: Range) => void
}

export const RangeChoice = ({ days, onDays }: RangeChoiceProps) => (
  <fieldset>
    <legend className="sr-only">Days shown</legend>
    <div className="flex gap-1">
      {RANGES.map((range) => (
        <label
          key={range}
          className="flex h-11 cursor-pointer items-center rounded-control border border-transparent px-3 text-muted text-sm hover:bg-sunken has-checked:bg-accent-soft has-checked:font-medium has-checked:text-ink has-focus-visible:outline-2 has-focus-visible:outline-accent sm:h-9"
        >
          <input
            type="radio"
            name="range"
            className="sr-only"
            checked={days === range}
            onChange={() => onDays(range)}
          />
          {range} days
        </label>
      ))}
    </div>
  </fieldset>
)
