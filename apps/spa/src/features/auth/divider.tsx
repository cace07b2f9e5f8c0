/** A thin line with a word on it, between two ways to do the same. */
export const Divider = ({ children }: { children: string }) => (
  <div className="my-6 flex items-center gap-4 text-muted text-sm">
    <span className="h-px flex-1 bg-line" />
    {children}
    <span className="h-px flex-1 bg-line" />
  </div>
)
