/** Where the source and the documentation are, and what it is built on. */
import { Mark } from '../../ui/logo.tsx'

const SOURCE = 'https://github.com/HamedMP/matrix-os'
const LINKS = [
  { label: 'GitHub', href: SOURCE },
  { label: 'Docs', href: `${SOURCE}#readme` },
] as const

export const Footer = () => (
  <footer className="border-line border-t">
    <div className="mx-auto flex max-w-6xl flex-wrap items-center justify-between gap-x-8 gap-y-5 px-5 py-10 text-sm sm:px-8">
      <span className="flex items-center gap-2.5 text-muted">
        <Mark className="size-5" /> Matrix OS
      </span>
      <nav aria-label="More" className="flex flex-wrap items-center gap-x-6 gap-y-3">
        {LINKS.map(({ label, href }) => (
          <a
            key={label}
            href={href}
            className="rounded text-muted underline-offset-4 hover:text-ink hover:underline"
          >
            {label}
          </a>
        ))}
        <a
          href="https://matrix.org"
          className="rounded-full border border-line px-3.5 py-1.5 font-mono text-muted text-xs hover:border-line-strong hover:text-ink"
        >
          [m] made for Matrix
        </a>
      </nav>
    </div>
  </footer>
)
