/** What the demonstration model says: friendly, honest about what it is, and about the question by simple rules. */

const WHO =
  'This is a demonstration model: it answers by simple rules, bills nobody, and lets you try everything here.'
/** How to get real answers: on a platform, and on a computer of one's own, which has no key but its owner's. */
const HOW = {
  server:
    'For real answers, whoever runs this server sets ANTHROPIC_API_KEY and starts it again; nothing else changes.',
  owner: 'For real answers, add a key of your own in Settings, under AI; nothing else changes.',
}
export type WhoHasKeys = keyof typeof HOW

type Rule = [pattern: RegExp, reply: (match: RegExpMatchArray) => string]

const CALCULATION = /(-?\d+(?:\.\d+)?)\s*([+\-*/×÷])\s*(-?\d+(?:\.\d+)?)/

const RULES: Rule[] = [
  [CALCULATION, ([, a, sign, b]) => `${a} ${sign} ${b} is ${calculate(Number(a), sign, Number(b))}.`],
  [/\b(html|web ?site|web ?page)\b/i, () => `Here is a page to begin with:\n\n\`\`\`html\n${PAGE}\n\`\`\``],
  [
    /\b(code|program|function|script|typescript|javascript|python)\b/i,
    () => `Here is a small piece of code to begin with:\n\n\`\`\`ts\n${CODE}\n\`\`\``,
  ],
  [/\b(list|ideas?|suggest|plan|steps?)\b/i, () => LIST],
  [/\bwho are you|what are you|your name\b/i, () => 'I am a small program that speaks like a model.'],
  [/^\s*(hello|hi|hey|good (morning|evening|day))\b/i, () => 'Hello! It is good to see you here.'],
  [/\bthank(s| you)\b/i, () => 'You are welcome.'],
]

const PAGE = '<!doctype html>\n<title>Hello</title>\n<h1>Hello, world!</h1>'
const CODE = "export const greet = (name: string) => 'Hello, ' + name + '!'"
const LIST =
  '1. Write down what you want to have at the end.\n2. Do the smallest piece of it.\n3. Show it to somebody.'

export function replyTo(lastWords: string, keysOf: WhoHasKeys = 'server'): string {
  for (const [pattern, reply] of RULES) {
    const match = lastWords.match(pattern)
    if (match) return `${WHO}\n\n${reply(match)}\n\n${HOW[keysOf]}`
  }
  const asked = lastWords.trim().replace(/\s+/g, ' ')
  const about = asked
    ? `You wrote: “${shorten(asked)}”. A real model would now think about it.`
    : 'Ask me something.'
  return `${WHO}\n\n${about}\n\n${HOW[keysOf]}`
}

export const replyToResult = (result: string, keysOf: WhoHasKeys = 'server') =>
  `${WHO}\n\nThe tool answered: “${shorten(result.trim().replace(/\s+/g, ' '))}”.\n\n${HOW[keysOf]}`

const LONGEST_QUOTE = 200

const shorten = (text: string) =>
  text.length <= LONGEST_QUOTE ? text : `${[...text].slice(0, LONGEST_QUOTE - 1).join('')}…`

function calculate(a: number, sign: string | undefined, b: number): string {
  const results: Record<string, number> = { '+': a + b, '-': a - b, '*': a * b, '×': a * b }
  const result = sign ? (results[sign] ?? a / b) : Number.NaN
  return Number.isFinite(result) ? String(Math.round(result * 1e9) / 1e9) : 'not a number'
}
