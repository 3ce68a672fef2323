/** Rows under headings, columns as wide as they need, the last one as it comes. */
export function tableOf(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [headings, ...rows]
  const widths = headings.map((_, column) => Math.max(...all.map((row) => lengthOf(row[column] ?? ''))))
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) => (column === row.length - 1 ? cell : cell + ' '.repeat((widths[column] ?? 0) - lengthOf(cell))))
      .join('  ')
  return all.map(line).join('\n')
}

/** Letters, not code units: marks typed apart take no room. */
const lengthOf = (text: string): number => [...text.normalize('NFC')].length
