/**
 * A command line in its words, as far as they are certain before it runs. It is no shell: what it does not know, it calls
 * unclear, and whoever judges then asks.
 */

export interface Word {
  text: string
  /** What it becomes is not known before it runs: variables, patterns, results of other commands. */
  isOpen: boolean
  /** It stands for the names of files that it fits. */
  isPattern: boolean
  isQuoted: boolean
}

export interface Redirection {
  /** `>` replaces, `>>` adds, `<` reads. */
  kind: '>' | '>>' | '<'
  to: Word
}

export interface SimpleCommand {
  words: Word[]
  redirections: Redirection[]
  /** The next one runs only where this one did what it should. */
  isNeeded: boolean
}

export interface CommandLine {
  commands: SimpleCommand[]
  /** It has parts that are not understood here. */
  isUnclear: boolean
}

/** Words that begin what is more than one simple command. */
const KEYWORDS =
  /^(if|then|else|elif|fi|for|while|until|do|done|case|esac|function|select|in|time|coproc|!|\{|\}|\[\[)$/
const SPACE = /[ \t]/
const GLOB = /[*?[]/
/** What is in braces becomes several words, but for a single name at the end: `HEAD@{1}`. `{a},b}` is two. */
const EXPANDED = /^\{(?!\w*\}(?:[\s;|&]|$))/
const newCommand = (): SimpleCommand => ({ words: [], redirections: [], isNeeded: false })

export function splitCommand(line: string): CommandLine {
  const commands: SimpleCommand[] = []
  let current = newCommand()
  let word: Word | null = null
  let pending: Redirection['kind'] | null = null
  let isUnclear = false
  let at = 0
  /** Whether `~` at its beginning is the home: the shell thinks so of one that nothing of is quoted. */
  let home: 'typed' | 'known' | 'no' = 'no'

  const add = (text: string, is: Partial<Word> = {}, isHome = false) => {
    word ??= { text: '', isOpen: false, isPattern: false, isQuoted: false }
    if (word.text === '') home = isHome ? 'known' : is.isQuoted || word.isQuoted ? 'no' : 'typed'
    else if (home === 'typed' && is.isQuoted && !word.text.includes('/')) home = 'no'
    word.text += text
    word.isOpen ||= is.isOpen ?? false
    word.isPattern ||= is.isPattern ?? false
    word.isQuoted ||= is.isQuoted ?? false
  }
  const endWord = () => {
    if (!word) return
    if (home === 'no' && word.text.startsWith('~')) word.text = `./${word.text}`
    if (pending) current.redirections.push({ kind: pending, to: word })
    else {
      // What follows it is a command of its own.
      if (current.words.length === 0 && !word.isQuoted && KEYWORDS.test(word.text)) isUnclear = true
      else current.words.push(word)
    }
    word = null
    pending = null
  }
  const endCommand = () => {
    endWord()
    if (pending) isUnclear = true
    pending = null
    if (current.words.length > 0 || current.redirections.length > 0) commands.push(current)
    current = newCommand()
  }
  /** In double quotes and outside of quotes. */
  const dollar = () => {
    const [variable] = /^\$(HOME|PWD)\b/.exec(line.slice(at)) ?? []
    if (variable) {
      add(variable === '$HOME' ? '~' : '.', {}, true)
      at += variable.length
    } else {
      add('$', { isOpen: true })
      if (/^\$[({]/.test(line.slice(at))) isUnclear = true
      at++
    }
  }
  const doubleQuoted = () => {
    add('', { isQuoted: true })
    for (at++; at < line.length && line[at] !== '"'; ) {
      if (line[at] === '`') isUnclear = true
      if (line[at] === '$') dollar()
      else {
        // A line that goes on.
        if (line.startsWith('\\\n', at)) at += 2
        else {
          if (line[at] === '\\' && /["\\$`]/.test(line[at + 1] ?? '')) at++
          add(line[at++] ?? '')
        }
      }
    }
    if (at >= line.length) isUnclear = true
    at++
  }
  const singleQuoted = () => {
    const end = line.indexOf("'", at + 1)
    if (end < 0) isUnclear = true
    add(line.slice(at + 1, end < 0 ? line.length : end), { isQuoted: true })
    at = end < 0 ? line.length : end + 1
  }
  const redirect = () => {
    const [whole = '', number, sign = ''] =
      /^(\d*)(<<<|<<|<\(|>\(|>>|>\||>&|<&|&>>|&>|<>|>|<)/.exec(line.slice(at)) ?? []
    // `2>&1` and `>&2` change nothing that is kept.
    const toNumber = /^(\d*)[<>]&\d(?=[\s;|&]|$)/.exec(line.slice(at))
    // A number that stands alone before the sign belongs to it.
    if (word && number === undefined) endWord()
    if (toNumber) {
      at += toNumber[0].length
      return
    }
    endWord()
    at += whole.length
    if (sign === '>>' || sign === '&>>') pending = '>>'
    else if (sign === '<') pending = '<'
    else if (sign === '>' || sign === '>|' || sign === '&>') pending = '>'
    else isUnclear = true
  }

  while (at < line.length) {
    const character = line[at] ?? ''
    const rest = line.slice(at)
    if (character === '\\') {
      // A line that goes on.
      if (line[at + 1] !== '\n') add(line[at + 1] ?? '', { isQuoted: true })
      at += 2
    } else if (character === "'") singleQuoted()
    else if (character === '"') doubleQuoted()
    else if (character === '$') dollar()
    else if (SPACE.test(character)) {
      endWord()
      at++
    } else if (character === '#' && word === null) {
      const end = line.indexOf('\n', at)
      at = end < 0 ? line.length : end
    } else if (/^(&>|\d*[<>])/.test(rest) && (word === null || !/^\d/.test(rest))) redirect()
    else if (/[;\n|&]/.test(character)) {
      // In the background it goes on unseen.
      if (character === '&' && line[at + 1] !== '&' && line[at - 1] !== '&') isUnclear = true
      current.isNeeded = rest.startsWith('&&')
      endCommand()
      at++
    } else {
      if (/[()`]/.test(character)) isUnclear = true
      if (EXPANDED.test(rest)) isUnclear = true
      const isPattern = GLOB.test(character)
      add(character, { isOpen: isPattern, isPattern })
      at++
    }
  }
  endCommand()
  return { commands, isUnclear }
}
