/** A quiet field of dots behind a page's content. */
export const DotField = () => (
  <div
    aria-hidden
    className="absolute inset-0 -z-10 bg-[radial-gradient(var(--unlit)_1.5px,transparent_1.5px)] bg-size-[22px_22px] [mask-image:radial-gradient(ellipse_75%_65%_at_50%_45%,black,transparent)]"
  />
)
