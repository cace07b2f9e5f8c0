/** The lines that were run, and where among them the arrow keys are. */
export function createHistory() {
  let lines: string[] = []
  let place = 0

  return {
    replace(past: readonly string[]): void {
      lines = [...past]
      place = lines.length
    },
    /** The same line twice in a row is kept once. */
    add(line: string): void {
      if (lines.at(-1) !== line) lines.push(line)
      place = lines.length
    },
    /** Back to the line that is being typed. */
    leave(): void {
      place = lines.length
    },
    /** The line one step back (-1) or forward (1); empty beyond the newest. */
    step(by: -1 | 1): string {
      place = Math.min(Math.max(place + by, 0), lines.length)
      return lines[place] ?? ''
    },
  }
}
