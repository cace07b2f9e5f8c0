/** The people whom an action touches, and those whom it leaves alone. */

/** Scrolls, so the keyboard has to reach it. */
const scrollable = (label: string) => ({ tabIndex: 0, role: 'region', 'aria-label': label })

export const TouchedPeople = ({ title, handles }: { title: string; handles: string[] }) => (
  <div className="mt-5">
    <h3 className="font-medium text-sm">{title}</h3>
    <div
      {...scrollable(title)}
      className="mt-2 max-h-40 overflow-y-auto rounded-control border border-line bg-sunken p-3"
    >
      <ul className="flex flex-wrap gap-1.5">
        {handles.map((handle) => (
          <li
            key={handle}
            className="max-w-full truncate rounded-lg bg-surface px-2 py-0.5 font-mono text-sm"
          >
            {handle}
          </li>
        ))}
      </ul>
    </div>
  </div>
)

export interface Left {
  handle: string
  why: string
}

export const LeftAlone = ({ title, people }: { title: string; people: Left[] }) => (
  <div className="mt-5">
    <h3 className="font-medium text-sm">{title}</h3>
    <div
      {...scrollable(title)}
      className="mt-2 max-h-40 overflow-y-auto rounded-control border border-line p-3"
    >
      <ul className="space-y-1 text-sm">
        {people.map(({ handle, why }) => (
          <li key={handle} className="break-words">
            <span className="font-mono">{handle}</span> <span className="text-muted">{why}</span>
          </li>
        ))}
      </ul>
    </div>
  </div>
)
