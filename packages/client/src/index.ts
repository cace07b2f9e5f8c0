/** What a program needs to use the platform: typed calls, the flows of signing in, and waiting for an instance. */
export {
  type Client,
  type ClientOptions,
  createClient,
  type FetchLike,
  type FetchLikeInit,
} from './client.ts'
export { deleteInstance, putInstanceToSleep, waitUntilRunning, wakeInstance } from './instance.ts'
export { logIn, type PasskeyDevice, signUp } from './sign-in.ts'
