/** What a service can do for this computer, and what it says when it does not. */

/** Where an answer goes, as the message that it answers said. */
export type Reply = Readonly<Record<string, string>>

export interface Identity {
  /** What people call the bot. */
  name: string
  /** What the service says of it that the owner need not type. */
  found?: Readonly<Record<string, string>>
}

export interface ServiceClient {
  /** Whether the service takes these credentials, and whose they are. */
  check(): Promise<Identity>
  /** Has it deliver to this address. Resolves to what its owner still has to do there, `null`: nothing. */
  setUp(url: string): Promise<string | null>
  takeDown(): Promise<void>
  /** Shows that an answer is on its way, for some seconds. */
  typing(reply: Reply): Promise<void>
  /** `part`: of an answer, from 0. */
  send(reply: Reply, text: string, part: number): Promise<void>
  /** To somebody who asked nothing just now. */
  write(person: string, text: string): Promise<void>
}

export interface Problem {
  /** For the owner. */
  words: string
  /** Later it may go well. */
  isPassing: boolean
  /** Nothing has reached the service: it can be done again without being done twice. */
  isUnsent: boolean
}

export class ServiceProblem extends Error {
  readonly problem: Problem
  constructor(problem: Problem, cause?: unknown) {
    super(problem.words, { cause })
    this.problem = problem
  }
}

/** No connection came about. */
const UNSENT = /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT)$/

/** Along the causes, and through what libraries wrap them in. */
function codesOf(error: unknown, depth = 0): string[] {
  if (typeof error !== 'object' || error === null || depth > 6) return []
  const own = 'code' in error && typeof error.code === 'string' ? [error.code] : []
  const inner = ['cause', 'error', 'original', 'errors'].flatMap((key) => Reflect.get(error, key) ?? [])
  return [...own, ...inner.flatMap((one: unknown) => codesOf(one, depth + 1))]
}

/** There was no answer. */
export function unreachable(name: string, error: unknown): ServiceProblem {
  const isUnsent = codesOf(error).some((code) => UNSENT.test(code))
  return new ServiceProblem(
    { words: `${name} can’t be reached right now.`, isPassing: true, isUnsent },
    error,
  )
}

/** It answered, and did nothing. */
export const refused = (words: string, { isPassing = false } = {}, cause?: unknown): ServiceProblem =>
  new ServiceProblem({ words, isPassing, isUnsent: true }, cause)
