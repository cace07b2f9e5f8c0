/** `node main.ts`: builds the platform's programs when a source changed, before one of them is run. */
import { showError } from '@matrixos/host/root'
import { formatLine } from '../log-lines.ts'
import { buildPrograms } from './platform.ts'

const format = process.stdout.isTTY ? 'pretty' : 'json'

buildPrograms((_, msg) => {
  const line = JSON.stringify({ level: 30, time: Date.now(), msg })
  process.stdout.write(`${formatLine('start', line, format, Date.now())}\n`)
}).catch(showError)
