/** What the palette offers, besides files. */

import type { ComponentType } from 'react'
import type { Me } from '../../../src/protocol.ts'
import { appsHere } from '../apps-here.ts'
import { focusWindow, minimiseAll, openPart, tileFront, titleOf, titles, windows } from '../desk.ts'
import { changeLook } from '../look.ts'
import { findPart, offered } from '../parts.ts'
import { frontOf } from '../windows/model.ts'

export interface Command {
  id: string
  title: string
  /** More words to be found by. */
  words?: string
  Icon?: ComponentType
  run(): void
}

export interface CommandGroup {
  heading: string
  commands: readonly Command[]
}

export function commandGroups(me: Me, isSheet: boolean): CommandGroup[] {
  const groups = [
    { heading: 'Open', commands: openCommands(me) },
    { heading: 'Windows', commands: windowCommands(isSheet) },
    { heading: 'Look', commands: me.viewer ? [] : lookCommands() },
    { heading: 'Apps', commands: appCommands() },
    { heading: 'Go to', commands: placeCommands(me) },
  ]
  return groups.filter(({ commands }) => commands.length > 0)
}

const openCommands = (me: Me): Command[] =>
  offered(me).flatMap(({ id, title, about, Icon, isMany, commands }) => [
    { id: `open ${id}`, title, words: `open ${about ?? ''}`, Icon, run: () => openPart({ part: id }) },
    ...(isMany && windows.get().some((win) => win.part === id)
      ? [
          {
            id: `new ${id}`,
            title: `New window: ${title}`,
            Icon,
            run: () => openPart({ part: id }, { isNew: true }),
          },
        ]
      : []),
    ...(commands?.() ?? []).map((command) => ({
      id: `${id} ${command.id}`,
      title: command.title,
      words: title,
      Icon,
      run: () => command.run(openPart),
    })),
  ])

const appCommands = (): Command[] =>
  (appsHere.get() ?? []).flatMap(({ name, title, url }) =>
    url === null
      ? []
      : [
          {
            id: `app ${name}`,
            title,
            words: 'open app',
            run: () => openPart({ part: 'app', target: { name } }),
          },
        ],
  )

function windowCommands(isSheet: boolean): Command[] {
  const all = windows.get()
  const front = frontOf(all)
  const others = all.filter((win) => win !== front)
  const switches = others.map((win) => {
    const part = findPart(win.part)
    return {
      id: `window ${win.id}`,
      title: `Go to ${titleOf(titles.get(), win)}`,
      words: 'switch window',
      ...(part && { Icon: part.Icon }),
      run: () => focusWindow(win.id),
    }
  })
  if (!front) return switches
  const tiles = [
    { id: 'tile left', title: 'Tile the window left', run: () => tileFront('left') },
    { id: 'tile right', title: 'Tile the window right', run: () => tileFront('right') },
    { id: 'fill', title: 'Fill the desktop with the window', run: () => tileFront('full') },
  ]
  const home = { id: 'home', title: 'Show the desktop', words: 'minimise all home', run: minimiseAll }
  return [...switches, ...(isSheet ? [] : tiles), home]
}

const lookCommands = (): Command[] => [
  {
    id: 'theme light',
    title: 'Light theme',
    words: 'paper day look',
    run: () => changeLook({ theme: 'light' }),
  },
  { id: 'theme dark', title: 'Dark theme', words: 'night look', run: () => changeLook({ theme: 'dark' }) },
  {
    id: 'theme system',
    title: 'Theme of this device',
    words: 'system look',
    run: () => changeLook({ theme: 'system' }),
  },
]

const placeCommands = (me: Me): Command[] => [
  {
    id: 'dashboard',
    title: 'Dashboard',
    words: 'platform account',
    run: () => location.assign('/.mos/dashboard'),
  },
  ...(me.viewer
    ? []
    : [
        {
          id: 'credits',
          title: 'AI credits',
          words: 'usage budget',
          run: () => location.assign('/.mos/credits'),
        },
      ]),
]

/** How well a command fits what is typed, from 0 (not at all) to 1: every word of it begins one of the command's. */
export function fit(typed: string, title: string, words = ''): number {
  const [wanted, name] = [typed.trim().toLowerCase(), title.toLowerCase()]
  if (name.startsWith(wanted)) return 1
  const has = (text: string, word: string) => text.split(/[\s:]+/).some((each) => each.startsWith(word))
  const all = wanted.split(/\s+/)
  if (all.every((word) => has(name, word))) return 0.8
  return all.every((word) => has(`${name} ${words.toLowerCase()}`, word)) ? 0.4 : 0
}

/** What Enter does before anything is chosen; `null`: nothing fits. */
export function bestOf(groups: readonly CommandGroup[], typed: string): Command | null {
  let best: { command: Command; fits: number } | null = null
  for (const command of groups.flatMap(({ commands }) => commands)) {
    const fits = fit(typed, command.title, command.words)
    if (fits > (best?.fits ?? 0)) best = { command, fits }
  }
  return best?.command ?? null
}
