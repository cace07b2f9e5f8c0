/** What only some people want to read, folded away. */
const scrollable = { tabIndex: 0, role: 'region', 'aria-label': 'Details' }

export const Details = ({ children }: { children: string }) => (
  <details className="mt-4 rounded-control border border-line bg-surface text-left text-sm">
    <summary className="min-h-11 cursor-pointer px-4 py-3 text-muted">Details</summary>
    {/* Scrolls, so the keyboard has to reach it. */}
    <pre
      {...scrollable}
      className="max-h-72 overflow-auto whitespace-pre-wrap break-words rounded-b-control border-line border-t bg-sunken px-4 py-3 font-mono text-xs leading-5"
    >
      {children}
    </pre>
  </details>
)
