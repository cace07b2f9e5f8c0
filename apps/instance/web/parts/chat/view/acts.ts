/** What a person can do with a conversation. */
import type { Image } from '../../../../src/chat/log/entry.ts'

export interface ChatActs {
  say(message: { text: string; images: Image[]; parent?: string | null }): void
  stop(): void
  retry(message: string): void
  undo(tool: string): void
  decide(tool: string, decision: 'once' | 'always' | 'deny'): void
  choose(parent: string | null, id: string): void
  openApp(name: string): void
  openFile(path: string): void
}
