/** Every service that there is. */
import type { ChannelKind } from '@matrixos/shared'
import { discord } from './discord.ts'
import type { Service } from './service.ts'
import { slack } from './slack.ts'
import { telegram } from './telegram.ts'

export const SERVICES: Record<ChannelKind, Service> = { telegram, slack, discord }
