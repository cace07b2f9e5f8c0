/**
 * How a shell is started: by a bash that first closes what the process of the terminals has open, above all the other
 * terminals. The pseudoterminal's addon leaves those open to every program that it starts: it could then read what is
 * printed elsewhere, and those terminals would not hang up when they are closed.
 */
import { existsSync } from 'node:fs'

const BASH = '/bin/bash'

/** All of them are looked at, since the numbers have gaps; the first three are its own terminal. */
const CLOSE_AND_BECOME = `
for file in /proc/self/fd/*; do
  fd=\${file##*/}
  if ((fd > 2)); then exec {fd}>&-; fi
done
exec "$0"`

/** Without a bash, nothing here could close them: the shell starts as it is. */
export const launchOf = (shell: string): { file: string; args: string[] } =>
  existsSync(BASH) ? { file: BASH, args: ['-c', CLOSE_AND_BECOME, shell] } : { file: shell, args: [] }
