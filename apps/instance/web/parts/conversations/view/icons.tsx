/** Small signs of messages, drawn in the colour of their words. */
import type { ReactNode } from 'react'

const icon = (paths: ReactNode) => () => (
  <svg viewBox="0 0 16 16" className="sign" aria-hidden="true">
    {paths}
  </svg>
)

export const SendIcon = icon(<path d="M8 13V3.5M3.8 7.4 8 3.2l4.2 4.2" />)
export const PlusIcon = icon(<path d="M8 3v10M3 8h10" />)
export const BackIcon = icon(<path d="M10 3.5 5.5 8 10 12.5" />)
export const SlidersIcon = icon(<path d="M2.5 5h6M12 5h1.5M2.5 11h2M8 11h5.5M10.2 3.3v3.4M6.2 9.3v3.4" />)
