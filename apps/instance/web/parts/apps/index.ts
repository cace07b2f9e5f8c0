import type { Part } from '../../shell/part.ts'
import { dotIcon } from '../../ui/dot-matrix.tsx'

export const apps: Part = {
  id: 'apps',
  title: 'Apps',
  about: 'What was made here: open it, share it, change it.',
  aboutForViewers: 'What was made here, to use.',
  Icon: dotIcon('##.###.', '##.#.#.', '...###.', '.......', '###.oo.', '#.#.oo.', '###....'),
  isMany: false,
  isForViewers: true,
  load: () => import('./part.tsx'),
  commands: () => [
    { id: 'app-new', title: 'New app', run: (open) => open({ part: 'apps', target: { isNew: true } }) },
  ],
}

/** One of them, in a window of its own. */
export const app: Part = {
  id: 'app',
  title: 'App',
  Icon: dotIcon('#######', '#..o..#', '#######', '#.....#', '#.....#', '#######'),
  isMany: true,
  isForViewers: true,
  load: () => import('./window/part.tsx'),
}
