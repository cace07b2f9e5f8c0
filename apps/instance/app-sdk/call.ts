/** Requests to the API of this app, on its own origin. */

export const API = '/.app/'

/** `status` as in HTTP, 0: not reached; `message` for the person who is there. */
export class MosError extends Error {
  readonly status: number

  constructor(message: string, status: number) {
    super(message)
    this.name = 'MosError'
    this.status = status
  }
}

interface Said {
  message?: string
  error?: { message?: string }
}

export async function call(path: string, options: RequestInit = {}): Promise<Response> {
  const answer = await fetch(API + path, options).catch((error) => {
    if (options.signal?.aborted) throw error
    throw new MosError('This app’s computer can’t be reached right now.', 0)
  })
  if (answer.ok) return answer
  const said: Said | null = await answer.json().catch(() => null)
  throw new MosError(said?.error?.message ?? said?.message ?? 'That did not work.', answer.status)
}

export const encodePath = (path: string): string => path.split('/').map(encodeURIComponent).join('/')
