/** What tools do, and what things cost, in words. */
import type { Cost } from '../../../../src/chat/log/entry.ts'

const text = (input: unknown, key: string): string => {
  const value = typeof input === 'object' && input !== null ? Reflect.get(input, key) : undefined
  return typeof value === 'string' ? value : ''
}
const path = (input: unknown) => text(input, 'path').replace(/^(~\/|\/)/, '') || 'a file'

interface ToolWords {
  coming: (input: unknown) => string
  done: (input: unknown) => string
}

const TOOLS: Record<string, ToolWords> = {
  read_file: { coming: (input) => `Reading ${path(input)}`, done: (input) => `Read ${path(input)}` },
  list_files: {
    coming: (input) => `Looking at ${text(input, 'path') || 'the home'}`,
    done: (input) => `Looked at ${text(input, 'path') || 'the home'}`,
  },
  write_file: { coming: (input) => `Writing ${path(input)}`, done: (input) => `Wrote ${path(input)}` },
  edit_file: { coming: (input) => `Changing ${path(input)}`, done: (input) => `Changed ${path(input)}` },
  run_command: {
    coming: (input) => text(input, 'command') || 'A command',
    done: (input) => text(input, 'command') || 'A command',
  },
  ask_ai: {
    coming: (input) => `Asking the AI of ${text(input, 'handle') || 'somebody'}`,
    done: (input) => `Asked the AI of ${text(input, 'handle') || 'somebody'}`,
  },
  post: { coming: () => 'Posting to the feed', done: () => 'Wrote a post for the feed' },
  make_app: {
    coming: (input) => `Making ${text(input, 'title') || 'an app'}`,
    done: (input) => `Made ${text(input, 'title') || 'an app'}`,
  },
  remember: {
    coming: (input) => `Remembering: ${text(input, 'fact')}`,
    done: (input) => `Remembered: ${text(input, 'fact')}`,
  },
}

/** `isDone`: it has happened. */
export function toolInWords(name: string, input: unknown, isDone: boolean): string {
  const words = TOOLS[name]
  if (!words) return name
  return isDone ? words.done(input) : words.coming(input)
}

/** Cents are too coarse: an answer costs less than one. */
export function usd(amount: string | number): string {
  const value = Number(amount)
  if (value === 0) return '$0'
  if (value >= 0.1) return `$${value.toFixed(2)}`
  if (value < 0.0001) return 'less than $0.0001'
  return `$${value.toFixed(value < 0.01 ? 4 : 3)}`
}

export const costInWords = ({ usd: cost, left }: Cost): string =>
  `${usd(cost ?? 0)} · ${left === null ? 'on your own key' : `${usd(left)} left`}`

const time = new Intl.DateTimeFormat(undefined, { hour: 'numeric', minute: '2-digit' })
const day = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' })

export const timeInWords = (at: number, now: Date): string => {
  const date = new Date(at)
  return (date.toDateString() === now.toDateString() ? time : day).format(date)
}

export const ENDINGS = {
  stopped: 'You stopped me here.',
  limit: 'I stopped here: that was a lot for one answer.',
  cut: 'My answer got too long and ends here.',
  interrupted:
    'I was stopped in the middle of this answer: I fell asleep, or my chat was ended. Nothing is half-written.',
} as const

/** Announced when an answer is done. */
export const spoken = (words: string): string =>
  words.replaceAll(/[#*`>|]|(?<![\p{L}\d])_+|_+(?![\p{L}\d])/gu, '').slice(0, 300)
