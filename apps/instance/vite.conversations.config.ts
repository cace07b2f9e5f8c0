/** Bundles the process of the Matrix client, and its cryptography beside it: `dist/conversations.mjs`. */
import { join } from 'node:path'
import { defineConfig } from 'vite'
import { ownProcess } from './own-process.ts'

export default defineConfig(
  ownProcess({
    ...{ name: 'conversations', entry: 'conversations/client/host-main.ts' },
    alias: { 'better-sqlite3': join(import.meta.dirname, 'src/conversations/client/sqlite.ts') },
  }),
)
