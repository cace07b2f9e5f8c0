/**
 * Keeps a few bytes of output, which may be those of a file that somebody sent, from costing a terminal minutes or its
 * memory. For the computer's terminal and the page's alike, or they would show different things.
 */

/** A character's width (two bits) and whether it joins the one before it (one), and above them what a provider likes. */
type Properties = number

interface WidthsProvider {
  readonly version: string
  wcwidth(codepoint: number): 0 | 1 | 2
  charProperties(codepoint: number, preceding: Properties): Properties
}

interface Bounded {
  readonly rows: number
  readonly cols: number
  readonly parser: {
    registerCsiHandler(id: { final: string }, callback: (params: (number | number[])[]) => boolean): unknown
  }
  readonly unicode: { register(provider: WidthsProvider): void; activeVersion: string }
}

/** Sequences that xterm works through as many times as they say, up to two thousand million. */
const BY_ROWS = ['L', 'M', 'S', 'T']
const BY_COLUMNS = ['I', 'Z']
const REPEAT = 'b'

/** Marks on one character: more than any language has, and few enough that a text of nothing else fits in the memory. */
const MOST_MARKS = 10
const JOINS = 1
const ONE_WIDE = 1 << 1
const MARKS_SHIFT = 3

/** `widths`: activated for a terminal, it registers the provider that tells them. */
export function bound(terminal: Bounded, widths: { activate(terminal: Bounded): void }): void {
  const { parser, unicode } = terminal
  const ignoreBeyond = (final: string, most: () => number) =>
    parser.registerCsiHandler({ final }, ([count = 1]) => Number(count) > most())
  // Programs may not know yet that the terminal has become smaller.
  for (const final of BY_ROWS) ignoreBeyond(final, () => 2 * terminal.rows)
  for (const final of BY_COLUMNS) ignoreBeyond(final, () => 2 * terminal.cols)
  ignoreBeyond(REPEAT, () => terminal.rows * terminal.cols)

  const register = (provider: WidthsProvider) => unicode.register(withFewMarks(provider))
  widths.activate({ ...{ parser, rows: 0, cols: 0 }, unicode: { register, activeVersion: '' } })
  unicode.activeVersion = VERSION
}

const VERSION = 'bounded'

/** Marks beyond those get a place of their own. */
const withFewMarks = (provider: WidthsProvider): WidthsProvider => ({
  version: VERSION,
  wcwidth: (codepoint) => provider.wcwidth(codepoint),
  charProperties(codepoint, preceding) {
    const properties = provider.charProperties(codepoint, preceding)
    if ((properties & JOINS) === 0) return properties
    const marks = (preceding >> MARKS_SHIFT) + 1
    return marks > MOST_MARKS ? ONE_WIDE : properties | (marks << MARKS_SHIFT)
  },
})
