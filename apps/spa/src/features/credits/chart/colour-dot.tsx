/** The colour of a model in the chart, beside its name. */
export const ColourDot = ({ colour }: { colour: string }) => (
  <span aria-hidden className="size-2.5 shrink-0 rounded-full" style={{ background: colour }} />
)
