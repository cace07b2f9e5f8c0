/** A stop for the keyboard where a part of the page scrolls, and only as long as it does. Returns its end. */

export function addScrollStop(element: HTMLElement): () => void {
  const look = () => {
    if (element.scrollHeight > element.clientHeight) element.tabIndex = 0
    else element.removeAttribute('tabindex')
  }
  const size = new ResizeObserver(look)
  const children = new MutationObserver(look)
  size.observe(element)
  children.observe(element, { childList: true })
  return () => {
    size.disconnect()
    children.disconnect()
  }
}
