/**
 * Takes keys and passwords out of what a program printed. Pure. A net with wide meshes for what is printed by mistake,
 * such as an environment in a stack trace; who wants to print a secret can.
 */

export const REDACTED = '[redacted]'

/** Forms that services give to their keys, which make them plain to see anywhere. */
const KEYS = new RegExp(
  [
    // Anthropic, OpenAI, Stripe.
    '\\b[sprk]{2}[-_](?:ant-|proj-|live_|test_)?[\\w-]{16,}',
    // This platform's.
    '\\bmos[a-z]*_[\\w-]{20,}',
    // GitHub, GitLab, npm.
    '\\b(?:gh[pousr]_|github_pat_|glpat-|npm_)[\\w-]{16,}',
    // Slack, and bots of Telegram.
    '\\bxox[a-z]-[\\w-]{10,}',
    '\\b\\d{8,10}:[\\w-]{35}\\b',
    // AWS, Google.
    '\\b(?:AKIA|ASIA)[A-Z0-9]{16}\\b',
    '\\bAIza[\\w-]{35}',
    // JSON Web Tokens.
    '\\beyJ[\\w-]{8,}\\.[\\w-]{8,}\\.[\\w-]*',
    '-----BEGIN [A-Z ]*PRIVATE KEY-----[\\s\\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)',
  ].join('|'),
  'g',
)
const BEARER = /\b(bearer|basic)(\s+)[\w.~+/=-]{12,}/gi
/** `password=…`, `"apiKey": "…"`, `MATRIX_AUTH_TOKEN=…`: the name stays, so that the line still says what it was. */
const NAMED =
  /(["']?[\w-]{0,40}(?:password|passwd|secret|token|api[-_]?key|private[-_]?key)["']?\s*[:=]\s*)("[^"\n]+"|'[^'\n]+'|[^\s,;&"']{6,})/gi
/** Of a URL: `https://user:password@host`. */
const IN_URL = /(\b[a-z][a-z+.-]{1,20}:\/\/[^\s:/@]{1,100}:)[^\s/@]{1,200}(@)/gi

/** `known`: secrets that this text must not hold, whatever they look like. */
export function redacted(text: string, known: readonly string[] = []): string {
  const without = known
    .filter((secret) => secret.length >= 8)
    .reduce((left, secret) => left.replaceAll(secret, REDACTED), text)
  return without
    .replace(KEYS, REDACTED)
    .replace(BEARER, `$1$2${REDACTED}`)
    .replace(IN_URL, `$1${REDACTED}$2`)
    .replace(NAMED, (_whole, name: string) => `${name}${REDACTED}`)
}
