/** Bundles the process of the chat, with the AI SDK, into one file beside the server's: `dist/chat.mjs`. */
import { defineConfig, mergeConfig } from 'vite'
import server from './vite.server.config.ts'

export default mergeConfig(
  server,
  defineConfig({
    build: {
      ssr: 'src/chat/host-main.ts',
      rolldownOptions: { output: { entryFileNames: 'chat.mjs', codeSplitting: false } },
    },
  }),
)
