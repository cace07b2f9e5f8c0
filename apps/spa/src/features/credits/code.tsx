/** A name that is written exactly so, within a sentence. */
export const Code = ({ children }: { children: string }) => (
  <code className="wrap-anywhere font-mono text-[0.92em]">{children}</code>
)
