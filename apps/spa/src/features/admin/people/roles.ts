/** The parts of a table whose rows come and go as somebody scrolls: those of a `<table>` cannot be placed so. */
export const ROLES = {
  table: { role: 'table' },
  group: { role: 'rowgroup' },
  row: { role: 'row' },
  head: { role: 'columnheader' },
  cell: { role: 'cell' },
} as const
