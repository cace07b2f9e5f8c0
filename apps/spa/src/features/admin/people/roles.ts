/** The parts of a table whose rows come and go as somebody scrolls: those of a `<table>` cannot be placed so. */
export const ROLES = {
  table: (label: string, rows: number) => ({ role: 'table', 'aria-label': label, 'aria-rowcount': rows }),
  group: { role: 'rowgroup' },
  /** `index`: from 1 on, the head among them. */
  row: (index: number) => ({ role: 'row', 'aria-rowindex': index }),
  head: { role: 'columnheader' },
  cell: { role: 'cell' },
} as const
