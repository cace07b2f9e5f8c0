/** A runtime whose every call ends: what takes longer than its deadline has failed, and holds up nobody else. */
import { AppError } from '../../errors.ts'
import type { Runtime } from '../../ports/runtime.ts'
import { withDeadline } from './with-deadline.ts'

type Verb =
  | 'check'
  | 'ociRuntimes'
  | 'verifyIsolation'
  | 'selfTest'
  | 'create'
  | 'start'
  | 'pause'
  | 'resume'
  | 'stop'
  | 'remove'
  | 'inspect'
  | 'update'
  | 'usage'
  | 'list'
  | 'logs'

/** Well beyond what a busy engine needs. */
const DEADLINES_MS: Record<Verb, number> = {
  check: 30_000,
  ociRuntimes: 15_000,
  verifyIsolation: 15_000,
  selfTest: 90_000,
  create: 120_000,
  start: 60_000,
  pause: 30_000,
  resume: 30_000,
  stop: 60_000,
  remove: 600_000,
  inspect: 15_000,
  update: 30_000,
  usage: 15_000,
  list: 60_000,
  logs: 15_000,
}

const WORK: Record<Verb, string> = {
  check: 'report its status',
  ociRuntimes: 'say what it can run computers with',
  verifyIsolation: 'confirm that computers are isolated',
  selfTest: 'test whether computers are isolated',
  create: 'build this computer',
  start: 'start this computer',
  pause: 'pause this computer',
  resume: 'start this computer',
  stop: 'stop this computer',
  remove: 'delete this computer',
  inspect: 'inspect this computer',
  update: 'change the limits of this computer',
  usage: 'measure this computer',
  list: 'list its computers',
  logs: 'show the output of this computer',
}

/**
 * The same runtime; a call beyond its deadline throws `engine_down`. It goes on unheard, and every verb may be
 * repeated meanwhile.
 */
export function withDeadlines(runtime: Runtime, deadlinesMs: Record<Verb, number> = DEADLINES_MS): Runtime {
  function inTime<T>(verb: Verb, call: Promise<T>): Promise<T> {
    const ms = deadlinesMs[verb]
    return withDeadline(call, ms, () => {
      const message = `The container engine took longer than ${ms / 1000} s to ${WORK[verb]}.`
      return new AppError('engine_down', message, { retryAfterS: 5 })
    })
  }

  return {
    name: runtime.name,
    isolationOf: (spec) => runtime.isolationOf(spec),
    slotCount: () => runtime.slotCount(),
    ociRuntimes: () => inTime('ociRuntimes', runtime.ociRuntimes()),
    firewall: () => runtime.firewall(),
    limitsBandwidth: () => runtime.limitsBandwidth(),
    check: (image) => inTime('check', runtime.check(image)),
    verifyIsolation: () => inTime('verifyIsolation', runtime.verifyIsolation()),
    selfTest: (request) => inTime('selfTest', runtime.selfTest(request)),
    create: (spec) => inTime('create', runtime.create(spec)),
    start: (spec) => inTime('start', runtime.start(spec)),
    pause: (key) => inTime('pause', runtime.pause(key)),
    resume: (key, onAsked) => inTime('resume', runtime.resume(key, onAsked)),
    stop: (id, options) => inTime('stop', runtime.stop(id, options)),
    remove: (id, options) => inTime('remove', runtime.remove(id, options)),
    inspect: (key) => inTime('inspect', runtime.inspect(key)),
    update: (key, limits) => inTime('update', runtime.update(key, limits)),
    usage: (key) => inTime('usage', runtime.usage(key)),
    list: () => inTime('list', runtime.list()),
    logs: (key, lines, run) => inTime('logs', runtime.logs(key, lines, run)),
    events: (signal) => runtime.events(signal),
    close: () => runtime.close(),
  }
}
