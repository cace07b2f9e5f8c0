/** A PDF of these objects, numbered from 1 in their order; the first is its catalogue. */
export function pdf(objects: readonly string[]): string {
  let text = '%PDF-1.4\n'
  const at = objects.map((object, index) => {
    const start = text.length
    text += `${index + 1} 0 obj${object}endobj\n`
    return `${String(start).padStart(10, '0')} 00000 n \n`
  })
  const table = text.length
  const size = objects.length + 1
  return `${text}xref\n0 ${size}\n0000000000 65535 f \n${at.join('')}trailer<</Size ${size}/Root 1 0 R>>\nstartxref\n${table}\n%%EOF`
}
