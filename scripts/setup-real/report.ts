/** What setup reports about one part. */

export interface Report {
  part: string
  ok: boolean
  /** `already running`, `installed and started`, or what is wrong. */
  text: string
}

export interface PartSetup {
  part: string
  /** What is lost without it, for people. */
  use: string
  /** How to get it by hand, on this kind of machine. */
  advice: (isMac: boolean) => string
  /** Whether it is there already. */
  isThere: () => Promise<boolean>
  /** Says what it did. Throws a UserError when it could not be done. */
  install: () => Promise<string>
}

export const reportLine = ({ part, ok, text }: Report): string =>
  `${ok ? '✓' : '✗'} ${part.padEnd(14)} ${text}`
