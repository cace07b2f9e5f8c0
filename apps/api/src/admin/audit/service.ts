/** Searching the audit log by the names that people know: handles become ids, and ids handles again. */
import type { AuditEntryView, AuditPageView, auditSearchSchema } from '@matrixos/shared'
import { normalizeHandle } from '@matrixos/shared'
import type { z } from 'zod'
import type { AuditReader, AuditRow } from '../../audit/search.ts'
import { AppError } from '../../errors.ts'

export interface AuditSearchOptions {
  reader: AuditReader
  /** The ids that a handle stands for now. */
  idsOf: (handle: string) => Promise<string[]>
  /** Handles of the people among these ids. */
  handlesOf: (ids: string[]) => Promise<Map<string, string>>
}

export type AuditSearches = ReturnType<typeof createAuditSearches>

/** Of one text in an entry's detail, and of entries in it. */
const TEXT_LENGTH = 300
const MOST_DETAILS = 20

const cut = (text: string): string =>
  text.length > TEXT_LENGTH ? `${text.slice(0, TEXT_LENGTH)}…`.toWellFormed() : text

const detailOf = (detail: Record<string, unknown>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(detail)
      .slice(0, MOST_DETAILS)
      .map(([name, value]) => [
        cut(name),
        cut(typeof value === 'string' ? value : (JSON.stringify(value) ?? '')),
      ]),
  )

/** Throws `invalid_input` for a cursor that no page gave. */
function readCursor(cursor: string | null | undefined): number | undefined {
  if (cursor === null || cursor === undefined) return undefined
  const id = Number(cursor)
  if (!Number.isSafeInteger(id) || id < 0) throw new AppError('invalid_input', 'This page does not exist.')
  return id
}

export function createAuditSearches({ reader, idsOf, handlesOf }: AuditSearchOptions) {
  async function views(rows: AuditRow[]): Promise<AuditEntryView[]> {
    const handles = await handlesOf([...new Set(rows.flatMap(({ actor, target }) => [actor, target]))])
    const named = (id: string) => ({ id: cut(id), handle: handles.get(id) ?? null })
    return rows.map(({ id, at, actor, action, target, address, detail }) => ({
      ...{ id, at: at.toISOString(), action, address: cut(address) },
      ...{ actor: named(actor), target: named(target), detail: detailOf(detail) },
    }))
  }

  /** What is typed may be an id, or the handle of somebody. */
  const whom = async (text: string | undefined): Promise<string[] | undefined> =>
    text ? [text, ...(await idsOf(normalizeHandle(text)))] : undefined

  return {
    async search(input: z.output<typeof auditSearchSchema>): Promise<AuditPageView> {
      const { limit, action, from, to } = input
      const before = readCursor(input.cursor)
      const [actors, targets, actions] = await Promise.all([
        whom(input.actor),
        whom(input.target),
        reader.actions(),
      ])
      const rows = await reader.search({
        ...{ limit: limit + 1, actors, targets, before, action },
        ...(from ? { from: new Date(from) } : {}),
        ...(to ? { to: new Date(to) } : {}),
      })
      const items = rows.slice(0, limit)
      const last = rows.length > limit ? items.at(-1) : undefined
      return { items: await views(items), nextCursor: last ? String(last.id) : null, actions }
    },

    /** The latest entries about a person and what is theirs. */
    about: async (ids: string[], limit: number): Promise<AuditEntryView[]> =>
      views(await reader.about(ids, limit)),
  }
}
