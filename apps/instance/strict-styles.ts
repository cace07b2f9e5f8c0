/**
 * Lets xterm's screen keep the page's content security policy, which takes neither `<style>` elements nor `style`
 * attributes: at build, the few places that make them are led to what the policy takes, rules through a constructed
 * sheet and properties one by one. A version in which they look different fails the build.
 */
import type { Plugin } from 'vite'

const XTERM = /\/@xterm\/xterm\/lib\/xterm\.mjs$/
const ELEMENT = /[\w.]+\.createElement\("style"\)/g
const ATTRIBUTE = /(\w+)\.setAttribute\("style",`\$\{\1\.getAttribute\("style"\)\|\|""\}\$\{(\w+)\};`\)/g
const EXPECTED = { elements: 3, attributes: 1 }

export const strictStyles = (): Plugin => ({
  name: 'strict-styles',
  enforce: 'pre',
  transform(code, id) {
    if (!XTERM.test(id)) return null
    const found = {
      elements: code.match(ELEMENT)?.length,
      attributes: code.match(ATTRIBUTE)?.length,
    }
    if (found.elements !== EXPECTED.elements || found.attributes !== EXPECTED.attributes) {
      throw new Error(`xterm makes its styles in other places than expected: ${JSON.stringify(found)}`)
    }
    const helper = `${import.meta.dirname}/web/parts/terminal/style-element.ts`
    const led = code.replace(ELEMENT, 'makeStyleElement()').replace(ATTRIBUTE, '$1.style.cssText+=$2+";"')
    return { code: `import { makeStyleElement } from ${JSON.stringify(helper)};${led}`, map: null }
  },
})
