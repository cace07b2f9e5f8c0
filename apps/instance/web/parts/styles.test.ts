/** Styles of parts: all are in the page once their windows were opened, so none may reach what another part draws. */
import { globSync, readdirSync, readFileSync } from 'node:fs'
import { join, sep } from 'node:path'
import { expect, it } from 'vitest'

/** The classes that a style sheet styles wherever they are, at the top of no other rule. */
function bareClasses(css: string): string[] {
  const text = css.replaceAll(/\/\*.*?\*\//gs, '')
  const outer: string[] = []
  const found: string[] = []
  for (const [, selector = '', end] of text.matchAll(/([^{};]*)([{};])/g)) {
    if (end === '}') outer.pop()
    if (end !== '{') continue
    if (outer.every((rule) => rule.startsWith('@')))
      found.push(...[...selector.matchAll(/(?:^|,)\s*\.([\w-]+)/g)].map(([, name = '']) => name))
    outer.push(selector.trim())
  }
  return found
}

const classesOf = (tsx: string) =>
  [...tsx.matchAll(/className=(?:"([^"]*)"|\{([^}]*)\})/g)].flatMap(([, words, code]) =>
    words === undefined
      ? [...(code ?? '').matchAll(/['"`]([^'"`]*)['"`]/g)].flatMap(([, text = '']) => text.split(/\s+/))
      : words.split(/\s+/),
  )

const files = (ending: string) => globSync(`${import.meta.dirname}/**/*${ending}`)
const partOf = (file: string) => file.slice(import.meta.dirname.length + 1).split(sep)[0] ?? ''
/** The shell's sheets whose classes are there for every part. */
const FOR_ALL = new Set(['controls.css', 'index.css'])
/** By class: the parts that draw it by another part's style. A button of a toolbar is one for files and their preview. */
const SHARED: Record<string, readonly string[]> = { tool: ['preview'] }

it('style no class everywhere that another part uses', () => {
  const styledBy = new Map<string, Set<string>>()
  for (const file of files('.css'))
    for (const name of bareClasses(readFileSync(file, 'utf8')))
      styledBy.set(name, (styledBy.get(name) ?? new Set<string>()).add(partOf(file)))
  expect(styledBy.size).toBeGreaterThan(10)
  expect([...styledBy].filter(([, parts]) => parts.size > 1)).toEqual([])
  const clashes = files('.tsx').flatMap((file) =>
    classesOf(readFileSync(file, 'utf8'))
      .filter((name) => !SHARED[name]?.includes(partOf(file)))
      .filter((name) => styledBy.has(name) && !styledBy.get(name)?.has(partOf(file)))
      .map((name) => `${file.slice(import.meta.dirname.length + 1)}: .${name}`),
  )
  expect(clashes).toEqual([])
})

it('use no class that the shell styles everywhere for itself', () => {
  const folder = join(import.meta.dirname, '../shell/styles')
  const sheets = readdirSync(folder).filter((name) => name.endsWith('.css') && !FOR_ALL.has(name))
  const own = new Set(sheets.flatMap((name) => bareClasses(readFileSync(join(folder, name), 'utf8'))))
  expect(own.size).toBeGreaterThan(3)
  const clashes = files('.tsx').flatMap((file) =>
    classesOf(readFileSync(file, 'utf8'))
      .filter((name) => own.has(name))
      .map((name) => `${file.slice(import.meta.dirname.length + 1)}: .${name}`),
  )
  expect(clashes).toEqual([])
})
