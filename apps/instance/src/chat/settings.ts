/** What the owner chose for the chat, `system/chat.json`. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as z from 'zod/mini'
import type { WriteAtomic } from '../files/atomic.ts'
import { CHAT_FILE } from './places.ts'

const schema = z.object({ model: z.nullable(z.string()) })
export type ChatChoice = z.infer<typeof schema>

export interface ChatChoices {
  /** What cannot be read counts as not chosen. */
  read(): Promise<ChatChoice>
  write(choice: ChatChoice): Promise<void>
}

export function openChoices(root: string, write: WriteAtomic): ChatChoices {
  const path = join(root, CHAT_FILE)
  return {
    async read() {
      try {
        return schema.parse(JSON.parse(await readFile(path, 'utf8')))
      } catch {
        return { model: null }
      }
    },
    write: (choice) => write(path, `${JSON.stringify(choice, null, 2)}\n`),
  }
}
