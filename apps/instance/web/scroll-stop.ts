/** A stop for the keyboard where a part of the page scrolls, and only as long as it does. */

export function addScrollStop(element: HTMLElement): void {
  const look = () => {
    if (element.scrollHeight > element.clientHeight) element.tabIndex = 0
    else element.removeAttribute('tabindex')
  }
  new ResizeObserver(look).observe(element)
  new MutationObserver(look).observe(element, { childList: true })
}
