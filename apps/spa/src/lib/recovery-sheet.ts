/** Recovery codes as a text to keep. */

export interface RecoverySheet {
  handle: string
  /** Where they are used. */
  site: string
  codes: string[]
  /** ISO 8601. */
  createdAt: string
}

export const recoverySheet = ({ handle, site, codes, createdAt }: RecoverySheet): string =>
  [
    `Recovery codes of ${handle}`,
    `Made on ${createdAt.slice(0, 10)}. Each is good for one sign-in at ${site}/recover`,
    '',
    ...codes.map((code, at) => `${String(at + 1).padStart(2)}  ${code}`),
    '',
  ].join('\n')
