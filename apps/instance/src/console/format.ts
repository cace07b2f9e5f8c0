/** Sizes, times and columns as the console prints them. */

/** 1536 → `1.5 kB`; units of 1024. */
export function size(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB']
  let value = bytes
  let unit = 0
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024
    unit++
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`
}

/** `2025-03-01 14:05`, UTC. */
export const minute = (at: Date) => at.toISOString().slice(0, 16).replace('T', ' ')

/** Rows with their columns aligned; the columns named in `right` by their right edge. */
export function columns(rows: string[][], right: number[] = []): string {
  const widths = rows.reduce<number[]>(
    (all, row) => row.map((cell, i) => Math.max(all[i] ?? 0, cell.length)),
    [],
  )
  return rows
    .map((row) =>
      row
        .map((cell, i) => (right.includes(i) ? cell.padStart(widths[i] ?? 0) : cell.padEnd(widths[i] ?? 0)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}
