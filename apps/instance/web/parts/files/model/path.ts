/** Paths as the files API has them: relative to home, separated by `/`; `''` is home itself. */

export const join = (folder: string, name: string): string => (folder === '' ? name : `${folder}/${name}`)

export const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1)

export const parentOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')))

/** Whether `path` is `folder` or lies in it, however deep. */
export const isWithin = (path: string, folder: string): boolean =>
  folder === '' || path === folder || path.startsWith(`${folder}/`)

/** Lower case, without the dot; `''` where there is none, as in `.bashrc`. */
export function endingOf(name: string): string {
  const dot = name.lastIndexOf('.')
  return dot > 0 ? name.slice(dot + 1).toLowerCase() : ''
}

export interface Crumb {
  name: string
  path: string
}

/** From home down to `path`. */
export function crumbsOf(path: string): Crumb[] {
  const names = path === '' ? [] : path.split('/')
  return [
    { name: 'Home', path: '' },
    ...names.map((name, index) => ({ name, path: names.slice(0, index + 1).join('/') })),
  ]
}

/** `report.txt` → `report 2.txt`, `report 3.txt`, …: the first that `isTaken` does not know. */
export function freeName(name: string, isTaken: (name: string) => boolean): string {
  if (!isTaken(name)) return name
  const ending = endingOf(name)
  const dotted = ending === '' ? '' : name.slice(name.length - ending.length - 1)
  const stem = name.slice(0, name.length - dotted.length).replace(/ \d+$/, '')
  for (let number = 2; ; number++) {
    const next = `${stem} ${number}${dotted}`
    if (!isTaken(next)) return next
  }
}

/** Why a file or folder cannot be called so; `null` when it can. */
export function problemOfName(name: string): string | null {
  if (name.trim() === '') return 'Type a name.'
  if (name.includes('/')) return 'A name cannot hold “/”.'
  if (name === '.' || name === '..') return 'That name stands for a folder.'
  if (new TextEncoder().encode(name).length > 255) return 'That name is too long.'
  return null
}
