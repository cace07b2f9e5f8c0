/** Finds and makes elements. */

/** Throws when the page has no such element of that kind: page and script belong together. */
export function find<T extends HTMLElement>(id: string, kind: new () => T): T {
  const element = document.getElementById(id)
  if (!(element instanceof kind)) throw new Error(`The page lacks #${id}.`)
  return element
}

export function make(
  tag: string,
  options: { text?: string; class?: string } = {},
  ...children: Node[]
): HTMLElement {
  const element = document.createElement(tag)
  if (options.class) element.className = options.class
  if (options.text !== undefined) element.textContent = options.text
  element.append(...children)
  return element
}
