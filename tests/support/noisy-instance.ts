/** Programs in place of an instance that print what breaks careless readers, and exit. */

/** 900 kB without a line break, a NUL byte and terminal escapes. */
export const NOISY_OUTPUT = `
const write = (text) => require('node:fs').writeSync(1, text)
for (let i = 0; i < 90; i++) write('x'.repeat(10_000))
write('\\nDocker joins this to the long line\\n\\u001b[31mred\\u001b[0m \\u001b]0;title\\u0007after\\u0000nul\\nlast words\\n')
process.exit(3)
`

/** What may reach a row, a view or a page: line breaks and printable characters. */
export const PRINTABLE = /^[^\p{Cc}\p{Cs}]*(\n[^\p{Cc}\p{Cs}]*)*$/u
