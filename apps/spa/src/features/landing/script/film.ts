/** Plays the film while it is in view, unless the visitor has stopped it or wants no motion. */
import { FILM } from '../words.ts'

/** As much of it as must be seen. */
const SEEN = 0.4

/** As `matchMedia` answers. */
interface LessMotion {
  matches: boolean
  addEventListener: (event: 'change', tell: () => void) => void
}

export function startFilm(root: ParentNode, lessMotion: LessMotion): void {
  const film = root.querySelector<HTMLVideoElement>('[data-film]')
  const button = root.querySelector<HTMLButtonElement>('[data-film-button]')
  if (!film || !button) return
  let isWanted = !lessMotion.matches
  let isSeen = false
  const settle = () => {
    if (!isWanted || !isSeen) return film.pause()
    // A browser may refuse to play what nobody has started.
    film.play().catch(() => undefined)
  }
  const show = () => {
    button.toggleAttribute('data-playing', !film.paused)
    const word = button.querySelector('[data-film-word]')
    if (word) word.textContent = film.paused ? FILM.play : FILM.pause
  }
  button.addEventListener('click', () => {
    isWanted = film.paused
    isSeen = true
    settle()
  })
  lessMotion.addEventListener('change', () => {
    if (lessMotion.matches) isWanted = false
    settle()
  })
  for (const event of ['play', 'pause']) film.addEventListener(event, show)
  film.controls = false
  button.hidden = false
  show()
  new IntersectionObserver(
    ([entry]) => {
      isSeen = entry?.isIntersecting ?? false
      settle()
    },
    { threshold: SEEN },
  ).observe(film)
}
