/** Bundles the process that talks to channels' services, with their libraries: `dist/channels.mjs`. */
import { defineConfig } from 'vite'
import { ownProcess } from './own-process.ts'

export default defineConfig(ownProcess({ name: 'channels', entry: 'channels/services/host-main.ts' }))
