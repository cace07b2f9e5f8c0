/** A fixed field of lights; the page's script lights those whose rank is low enough. */
import { ranks } from './lights.ts'

export const Lights = () => (
  <div
    aria-hidden
    className="grid grid-cols-[repeat(21,minmax(0,1fr))] gap-y-2.5 sm:grid-cols-[repeat(28,minmax(0,1fr))]"
  >
    {ranks().map((rank) => (
      <span
        key={rank}
        data-light={rank}
        className="size-2 justify-self-center rounded-full bg-unlit transition-colors duration-700 data-lit:bg-lit sm:size-2.5"
      />
    ))}
  </div>
)
