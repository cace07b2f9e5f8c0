/** What xterm takes for a `<style>` element: its rules go into a sheet of the document, while it is in there. */
export function makeStyleElement(): HTMLElement {
  const sheet = new CSSStyleSheet()
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet]
  const element = document.createElement('span')
  element.hidden = true
  const remove = element.remove.bind(element)
  element.remove = () => {
    document.adoptedStyleSheets = document.adoptedStyleSheets.filter((each) => each !== sheet)
    remove()
  }
  Object.defineProperty(element, 'textContent', {
    get: () => '',
    set: (rules: string) => void sheet.replaceSync(rules),
  })
  return element
}
