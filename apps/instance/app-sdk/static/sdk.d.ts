/** What `/.app/sdk.js` adds to a page of an app. */

/** What went wrong: `status` as in HTTP (0: not reached), `message` for the person who is there. */
interface MosError extends Error {
  status: number
}

interface MosMe {
  role: 'owner' | 'viewer' | 'visitor'
  /** `null` for a visitor, who is nobody here. */
  handle: string | null
  /** Another one in each tab. */
  id: string
}

interface MosKv {
  /** `null`: there is none. */
  get<T = unknown>(key: string): Promise<T | null>
  entry<T = unknown>(key: string): Promise<{ value: T | null; version: number }>
  /** Resolves to its version. With `version`, only what was seen is replaced; rejects with status 412 otherwise. */
  set(key: string, value: unknown, options?: { version?: number }): Promise<number>
  delete(key: string): Promise<void>
  keys(prefix?: string): Promise<string[]>
}

interface MosFile {
  name: string
  kind: 'file' | 'folder' | 'link' | 'other'
  size: number
  modifiedAt: string
}

interface MosFiles {
  list(folder?: string): Promise<MosFile[]>
  text(path: string): Promise<string>
  blob(path: string): Promise<Blob>
  url(path: string): string
  /** The owner alone; up to 8 MB. */
  write(path: string, content: string | Blob | BufferSource): Promise<void>
  delete(path: string): Promise<void>
}

interface MosAiOptions {
  /** All of the text so far, and what was new. */
  onText?(text: string, added: string): void
  signal?: AbortSignal
  system?: string
  model?: string
  max_tokens?: number
  temperature?: number
}

interface MosAi {
  state(): Promise<{ isAvailable: boolean; consent?: string; limitUsd?: string; spentUsd?: string }>
  ask(
    prompt: string | { role: 'user' | 'assistant'; content: unknown }[],
    options?: MosAiOptions,
  ): Promise<string>
  messages(request: object, options?: { signal?: AbortSignal }): Promise<Response>
}

interface MosMember {
  id: string
  isYou: boolean
  role: 'owner' | 'viewer' | 'visitor'
  handle: string | null
  /** What they show of themselves. */
  data: unknown
}

interface MosRoomEvents {
  members: MosMember[]
  joined: MosMember
  left: MosMember
  message: { from: string; data: unknown }
  state: Record<string, unknown>
  set: { key: string; value: unknown; by: string }
  unset: { key: string; value: unknown; reason: 'changed' | 'full' }
  status: { status: 'connecting' | 'open' | 'away' | 'closed'; reason: string | null }
}

interface MosRoom {
  readonly name: string
  readonly status: MosRoomEvents['status']['status']
  readonly you: string | null
  readonly members: MosMember[]
  readonly state: Record<string, unknown>
  on<T extends keyof MosRoomEvents>(type: T, listener: (detail: MosRoomEvents[T]) => void): () => void
  get<T = unknown>(key: string): T | null
  /** Whether it went out. */
  set(key: string, value: unknown, options?: { ifUnchanged?: boolean }): boolean
  delete(key: string): boolean
  send(data: unknown, to?: string): boolean
  show(data: unknown): boolean
  leave(): void
}

interface Mos {
  me(): Promise<MosMe>
  kv: MosKv
  files: MosFiles
  ai: MosAi
  /** Resolves when you are in. What is in a room is gone when the last one leaves. */
  room(name: string, options?: { name?: string }): Promise<MosRoom>
  Error: new (message: string, status: number) => MosError
}

declare const mos: Mos
