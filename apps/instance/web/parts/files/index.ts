import type { Part } from '../../shell/part.ts'
import { dotIcon } from '../../ui/dot-matrix.tsx'
import { resumeTransfers } from './transfers/resume.ts'

export const files: Part = {
  id: 'files',
  title: 'Files',
  about: 'Everything in your home: bring in, sort, find, take out.',
  aboutForViewers: 'What is here, to look at and take a copy of.',
  Icon: dotIcon('###....', '#######', '#.....#', '#..o..#', '#.....#', '#######'),
  isMany: true,
  isForViewers: true,
  load: () => import('./part.tsx'),
  resume: resumeTransfers,
  commands: () => [
    {
      id: 'files-trash',
      title: 'Open the trash',
      run: (open) => open({ part: 'files', target: { path: TRASH } }),
    },
  ],
}

/** No path of a file holds NUL: the trash is a place of its own. */
const TRASH = '\0trash'
