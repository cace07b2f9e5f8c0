/**
 * Programs that a platform does not want on its computers, as its operator writes them: words with spaces between them.
 * `xmrig` is a program's name, `/stratum\+tcp:/` a pattern of its command line, `sha256:…` a program file itself, and
 * `default` stands for the list below. `off`: nothing is unwanted.
 */

export interface Denylist {
  /** Lower case. */
  names: ReadonlySet<string>
  patterns: readonly RegExp[]
  /** SHA-256, hexadecimal, lower case. */
  hashes: ReadonlySet<string>
}

/** Miners, and programs for nothing but mail in bulk. */
const DEFAULT = [
  ...['xmrig', 'xmrig-notls', 'xmr-stak', 'xmr-stak-rx', 'cpuminer', 'cpuminer-opt', 'minerd', 'ccminer'],
  ...['cgminer', 'bfgminer', 'ethminer', 'nbminer', 'lolminer', 'nanominer', 'teamredminer', 'phoenixminer'],
  ...[
    'srbminer-multi',
    'wildrig-multi',
    'cryptonight',
    'massmailer',
    'bulkmailer',
    'darkmailer',
    'leafmailer',
  ],
  ...['alexusmailer', '/stratum[12]?\\+(tcp|ssl|tls|udp):\\/\\//', '/--donate-level\\b/'],
]

const NAME = /^[\w][\w.+-]{0,63}$/
const PATTERN = /^\/(.{1,300})\/$/
const HASH = /^sha256:([\da-f]{64})$/i

/** Without it: the default. Throws an Error that names the first word that is none of these. */
export function readDenylist(text = 'default'): Denylist {
  const names = new Set<string>()
  const hashes = new Set<string>()
  const patterns: RegExp[] = []
  const add = (word: string) => {
    const [, pattern] = PATTERN.exec(word) ?? []
    const [, hash] = HASH.exec(word) ?? []
    if (pattern !== undefined) patterns.push(new RegExp(pattern, 'i'))
    else if (hash !== undefined) hashes.add(hash.toLowerCase())
    else if (NAME.test(word)) names.add(word.toLowerCase())
    else throw new Error(`"${word}" is neither a name, a /pattern/ nor sha256: and 64 digits.`)
  }
  const words = text.split(/\s+/).filter((word) => word !== '' && word !== 'off')
  for (const word of words.flatMap((one) => (one === 'default' ? DEFAULT : [one]))) add(word)
  return { names, patterns, hashes }
}

export function isDenylist(text: string): boolean {
  try {
    readDenylist(text)
    return true
  } catch {
    return false
  }
}
