/** Half a minute of the product itself, recorded by `npm run video`. It plays by itself only where motion is welcome. */
import { Pause, Play } from 'lucide-react'
import { buttonStyle } from '../../ui/button.tsx'
import { cn } from '../../ui/cn.ts'
import { FILM } from './words.ts'

const FOLDER = '/src/features/landing/film'

export const Film = () => (
  <section aria-labelledby="film" className="mx-auto max-w-6xl px-5 pb-20 sm:px-8 lg:pb-28">
    <h2 id="film" className="sr-only">
      The first minutes, in half a minute
    </h2>
    <figure>
      <video
        data-film
        aria-labelledby="film"
        className="aspect-video w-full rounded-[1.1rem] border border-line bg-sunken object-cover shadow-card sm:rounded-[1.4rem]"
        width={1280}
        height={720}
        poster={`${FOLDER}/poster.jpg`}
        preload="none"
        controls
        muted
        loop
        playsInline
      >
        <source src={`${FOLDER}/film.webm`} type="video/webm" />
        <source src={`${FOLDER}/film.mp4`} type="video/mp4" />
        <track src={`${FOLDER}/captions.vtt`} kind="captions" srcLang="en" label="English" default />
      </video>
      <figcaption className="mt-4 flex flex-wrap items-center justify-between gap-x-6 gap-y-3 text-muted text-sm">
        <span>
          Recorded from this very software. The AI in it is the demonstration model, which knows three small
          apps.
        </span>
        <button
          data-film-button
          type="button"
          hidden
          className={cn(buttonStyle({ variant: 'secondary', size: 'sm' }), 'group')}
        >
          <Play aria-hidden className="group-data-playing:hidden" />
          <Pause aria-hidden className="hidden group-data-playing:block" />
          <span data-film-word>{FILM.play}</span>
        </button>
      </figcaption>
    </figure>
  </section>
)
