/** The apps that the demonstration model can build: finished ones, which it writes as a real one would. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from '@matrixos/host/root'

export interface DemoApp {
  name: string
  title: string
  icon: string
  description: string
  /** Whether strangers may change what it keeps. */
  isOpen: boolean
  /** What somebody says who wants it. */
  asked: RegExp
  /** What it is, in a sentence that the model says. */
  words: string
}

export const APPS: readonly DemoApp[] = [
  {
    ...{
      name: 'guestbook',
      title: 'Guestbook',
      icon: '✍️',
      description: 'Visitors leave a name and a few words.',
    },
    ...{ isOpen: true, asked: /guest ?book|sign|visitors|messages?|notes?|to-?do|list/i },
    words: 'a guestbook, which keeps what people write in the app’s own store',
  },
  {
    ...{
      name: 'pixel-clock',
      title: 'Pixel clock',
      icon: '🕒',
      description: 'The time, in dots that change their colour.',
    },
    ...{ isOpen: false, asked: /clock|time|watch|dots?|pixels?/i },
    words: 'a pixel clock, which is just a page, with no server behind it',
  },
  {
    ...{
      name: 'tic-tac-toe',
      title: 'Tic-tac-toe',
      icon: '⭕',
      description: 'A game for two, from different places.',
    },
    ...{ isOpen: false, asked: /tic|toe|noughts|games?|play|multiplayer|room|two/i },
    words: 'tic-tac-toe for two people, who meet in one of the app’s rooms',
  },
]

const FOLDER = join(ROOT, 'apps/scripted-model/demo-apps')

export interface DemoFile {
  path: string
  content: string
}

const read = new Map<string, readonly DemoFile[]>()

/** Page, look, behaviour: in the order in which somebody would write them. */
export function filesOf({ name }: Pick<DemoApp, 'name'>): readonly DemoFile[] {
  const known = read.get(name)
  if (known) return known
  const folder = join(FOLDER, name)
  const files = readdirSync(folder)
    .sort((a, b) => ORDER.indexOf(a) - ORDER.indexOf(b))
    .map((path) => ({ path, content: readFileSync(join(folder, path), 'utf8') }))
  read.set(name, files)
  return files
}
const ORDER = ['index.html', 'style.css', 'app.js']
