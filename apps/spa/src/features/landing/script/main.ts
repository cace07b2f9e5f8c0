/** What is alive on the landing page: the live counter and the film. The page is whole without it. */
import { createStats } from '../../../lib/stats.ts'
import { showCounter, watchStats } from './counter.ts'
import { startFilm } from './film.ts'

const EVERY_MS = 5_000

const root = document.querySelector<HTMLElement>('[data-landing]')
if (!root) throw new Error('This is not the landing page.')
const stats = createStats(root.dataset.api ?? '')
watchStats({ read: () => stats.read(), everyMs: EVERY_MS, onStats: (now) => showCounter(root, now) })
startFilm(root, matchMedia('(prefers-reduced-motion: reduce)'))
