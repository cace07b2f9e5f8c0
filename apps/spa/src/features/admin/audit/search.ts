/** What the audit log is searched for, between the address of the page, its fields and the api. */
import type { AuditSearch } from '@matrixos/shared'

export interface AuditFilter {
  actor?: string | undefined
  action?: string | undefined
  target?: string | undefined
  /** ISO 8601. */
  from?: string | undefined
  to?: string | undefined
}

const LONGEST = 64
const MINUTE_MS = 60_000

const text = (value: string | undefined): string | undefined => value?.trim().slice(0, LONGEST) || undefined

/** ISO 8601, UTC; `undefined` for what is no time. */
export function timeOf(value: string | undefined): string | undefined {
  const at = value ? new Date(value) : undefined
  return at && !Number.isNaN(at.getTime()) ? at.toISOString() : undefined
}

/** What is not understood is left out: somebody may have mistyped the address. */
export const readFilter = (search: AuditFilter): AuditFilter => ({
  actor: text(search.actor),
  action: text(search.action),
  target: text(search.target),
  from: timeOf(search.from),
  to: timeOf(search.to),
})

/** What a `datetime-local` field shows: the minute, in this browser's time. */
export function localTime(iso: string | undefined): string {
  if (!iso) return ''
  const at = new Date(iso)
  return new Date(at.getTime() - at.getTimezoneOffset() * MINUTE_MS).toISOString().slice(0, 16)
}

export const isFiltered = (filter: AuditFilter): boolean =>
  Object.values(filter).some((value) => value !== undefined)

export const inputOf = (filter: AuditFilter): AuditSearch =>
  Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined))
