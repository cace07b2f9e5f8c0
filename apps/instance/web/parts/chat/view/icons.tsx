/** Small signs of the chat, drawn in the colour of their words. */
import type { ReactNode } from 'react'

const icon = (paths: ReactNode) => () => (
  <svg viewBox="0 0 16 16" className="sign" aria-hidden="true">
    {paths}
  </svg>
)

export const SendIcon = icon(<path d="M8 13V3.5M3.8 7.4 8 3.2l4.2 4.2" />)
export const StopIcon = icon(<rect x="4.5" y="4.5" width="7" height="7" rx="1" className="full" />)
export const PictureIcon = icon(
  <>
    <rect x="2.5" y="3" width="11" height="10" rx="1.5" />
    <path d="m3 11 3-3 2.5 2.5L10.5 8l2.8 3" />
    <circle cx="6" cy="6" r=".9" className="full" />
  </>,
)
export const ListIcon = icon(<path d="M2.5 4h11M2.5 8h11M2.5 12h7" />)
export const PlusIcon = icon(<path d="M8 3v10M3 8h10" />)
export const CopyIcon = icon(
  <>
    <rect x="5.5" y="5.5" width="8" height="8" rx="1.5" />
    <path d="M10.5 5.5V4A1.5 1.5 0 0 0 9 2.5H4A1.5 1.5 0 0 0 2.5 4v5A1.5 1.5 0 0 0 4 10.5h1.5" />
  </>,
)
export const SaveIcon = icon(<path d="M8 2.5v7.5M4.8 7 8 10.2 11.2 7M3 13h10" />)
export const EditIcon = icon(
  <path d="m3 13 .7-2.8L10.8 3a1.3 1.3 0 0 1 1.9 0l.3.3a1.3 1.3 0 0 1 0 1.9L5.8 12.3 3 13Z" />,
)
export const AgainIcon = icon(<path d="M13 8a5 5 0 1 1-1.6-3.7M13 2.5V5h-2.6" />)
export const UndoIcon = icon(<path d="M5.5 3 3 5.5 5.5 8M3.2 5.5H9a3.7 3.7 0 0 1 0 7.5H6" />)
export const BinIcon = icon(<path d="M3 4.5h10M6.5 4V2.8h3V4M4.5 4.5l.6 8.7h5.8l.6-8.7" />)
export const ChevronIcon = icon(<path d="m6 3.5 4.5 4.5L6 12.5" />)
export const PreviousIcon = icon(<path d="M10 3.5 5.5 8 10 12.5" />)
export const DownIcon = icon(<path d="M8 3v9.5M3.8 8.6 8 12.8l4.2-4.2" />)
export const CrossIcon = icon(<path d="m4 4 8 8M12 4l-8 8" />)
