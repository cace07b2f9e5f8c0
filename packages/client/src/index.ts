/** What a program needs to use the platform: typed calls, the flows of signing in, and waiting for an instance. */
export { type ApiClient, type ApiClientOptions, createApiClient } from './api-client.ts'
export { type ApiFetch, type ApiFetchInit, apiFetch } from './api-fetch.ts'
export {
  type Client,
  type ClientOptions,
  createClient,
  type FetchLike,
  type FetchLikeInit,
} from './client.ts'
export {
  type DeviceGrant,
  DeviceLoginError,
  type DeviceLoginOptions,
  deviceLogin,
} from './device-login.ts'
export { deleteInstance, putInstanceToSleep, waitUntilRunning, wakeInstance } from './instance.ts'
export { logIn, type PasskeyDevice, signUp } from './sign-in.ts'
