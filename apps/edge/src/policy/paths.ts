/**
 * Which paths are the platform's, and which are refused there. All look at the request's URI as the service behind
 * will see it, never at a tidied copy: two readings of one path are a way around whoever checks the first.
 * In the dialect that RE2 and JavaScript share.
 */
import { PLATFORM_PATH } from '@matrixos/shared'

const PLATFORM = PLATFORM_PATH.replaceAll('.', '\\.')
const DOTS_OR_BACKSLASH = '(?:(?:\\.|%2[eE]){2}|\\\\|%5[cC])'

/** Paths of the app's host that the api answers; the rest is the SPA's. */
export const APP_API_PATTERN = '^/(?:trpc|launch|credits\\.csv|transfer|publication-picture|avatar)(?:[/?]|$)'
/** Paths of the homeserver that are for everybody: never its own administration. */
export const HOMESERVER_PATTERN = '^/_matrix/(?:client|media|federation|key)/'
/** Of these, where a client signs in: the platform answers, for the homeserver knows no passwords. */
export const HOMESERVER_LOGIN_PATTERN = '^/_matrix/client/(?:r0|v1|v3)/login(?:[?]|$)'
/** Paths of an instance's host that the gate answers. */
export const GATE_PATTERN = `^${PLATFORM}`
/** Paths with `..` or a backslash, in any spelling: what they mean depends on who reads them. */
export const AMBIGUOUS_PATTERN = `^[^?]*${DOTS_OR_BACKSLASH}`
export const AMBIGUOUS_GATE_PATTERN = `^${PLATFORM}[^?]*${DOTS_OR_BACKSLASH}`
