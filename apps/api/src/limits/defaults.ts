/**
 * Every limit on what one visitor, session, account or network may ask of the api: its default, and its name in the
 * environment. Sized so that a class of forty behind one address notices nothing.
 */
import { z } from 'zod'

const count = (fallback: number) => z.coerce.number().int().min(1).max(1_000_000_000).default(fallback)

export const LIMITS = {
  /** Sign-up, sign-in and refresh calls of one network; one sign-up counts once. */
  AUTH_ATTEMPTS_PER_MINUTE: count(300),
  /** The sign-up form asks at every pause while a handle is typed. */
  HANDLE_LOOKUPS_PER_MINUTE: count(1_200),
  /** Passwords tried for one handle from one network. */
  PASSWORD_ATTEMPTS_PER_QUARTER_HOUR: count(120),
  /**
   * Passwords tried for one handle from all networks together. Networks that its owner signed in from before do not
   * count, and are never refused by it: strangers lock nobody out.
   */
  STRANGERS_PASSWORD_ATTEMPTS_PER_HANDLE_PER_HOUR: count(300),
  /** Recovery codes tried for one handle from one network. */
  RECOVERY_ATTEMPTS_PER_QUARTER_HOUR: count(5),
  PASSKEYS_PER_ACCOUNT: count(20),
  /** Wrong passwords and codes of one session that proves again who is there. */
  STEP_UP_GUESSES_PER_QUARTER_HOUR: count(20),
  /** Accounts really created: refused and failed sign-ups do not count. */
  SIGN_UPS_PER_NETWORK_PER_HOUR: count(50),
  SIGN_UPS_PER_HOUR: count(500),
  /** Sign-ups begun; beyond that each has to prove some work first, where `PROOF_OF_WORK` is `auto`. */
  UNPROVED_SIGN_UPS_PER_TEN_MINUTES: count(100),
  /** Invite codes that are wrong. */
  INVITE_GUESSES_PER_NETWORK_PER_HOUR: count(60),
  /** Links from the server's command line that make somebody an administrator. */
  ADMIN_LINKS_PER_NETWORK_PER_HOUR: count(20),
  /** Each takes 19 MiB and a thread of the pool (4 by default) that cookies, files and names are also read by. */
  PASSWORD_HASHES_AT_ONCE: count(2),
  /** Passwords that wait their turn; at some 30 ms each, the last one waits half a second. */
  PASSWORD_HASHES_WAITING: count(30),
  SESSIONS_PER_ACCOUNT: count(30),
  /** Changes one signed-in browser or token makes, whatever they are; a list worked through by hand stays below. */
  CHANGES_PER_SESSION_PER_MINUTE: count(300),
  /** Tabs of one browser that follow their computer's state, with room to spare. */
  STREAMS_PER_SESSION: count(50),
  /** API tokens that have not expired. */
  TOKENS_PER_ACCOUNT: count(50),
  /** A wrong token cannot be guessed; a program that goes on trying one must not keep the database busy. */
  WRONG_TOKENS_PER_NETWORK_PER_MINUTE: count(300),
  /** Logins that devices and command-line tools begin; each can be approved for ten minutes. */
  DEVICE_CODES_PER_NETWORK_PER_MINUTE: count(60),
  /** Codes of devices typed wrongly; a code has 20⁸ forms. */
  WRONG_USER_CODES_PER_SESSION_PER_QUARTER_HOUR: count(20),
  WRONG_USER_CODES_PER_NETWORK_PER_QUARTER_HOUR: count(200),
  /** Each opens a computer's host in one browser; a tab that is already signed in there needs none. */
  TICKETS_PER_SESSION_PER_MINUTE: count(60),
  /** Of visitors of published apps, who have no account: a page may ask for dozens of files, a class opens it at once. */
  VISITOR_REQUESTS_PER_NETWORK_PER_MINUTE: count(6_000),
  VISITOR_REQUESTS_PER_APP_PER_MINUTE: count(30_000),
  VISITOR_WEBSOCKETS_PER_NETWORK_PER_MINUTE: count(300),
  VISITOR_WEBSOCKETS_PER_APP_PER_MINUTE: count(1_200),
  /** Computers that visitors wake. */
  VISITOR_WAKES_PER_NETWORK_PER_HOUR: count(60),
  VISITOR_WAKES_PER_APP_PER_HOUR: count(30),
  /** New app hosts of one instance that Caddy may get a certificate for on demand; published apps do not count. */
  APP_CERTIFICATES_PER_INSTANCE_PER_DAY: count(20),
  VIEWERS_PER_INSTANCE: count(50),
  /** Published apps; what was published once and is not now makes room for others. */
  PUBLICATIONS_PER_INSTANCE: count(50),
  /** People that one account follows, and that it blocks or mutes. */
  FOLLOWS_PER_ACCOUNT: count(2_000),
  BLOCKS_PER_ACCOUNT: count(2_000),
  /** What anyone may read: profiles, lists of people and apps, searches. */
  SOCIAL_READS_PER_NETWORK_PER_MINUTE: count(2_400),
  /** Each is drawn anew. */
  AVATARS_PER_ACCOUNT_PER_HOUR: count(30),
  WEBSOCKETS_PER_INSTANCE: count(200),
  /** Requests, streams and WebSockets together. */
  IN_FLIGHT_PER_INSTANCE: count(1_000),
  /** Requests held for one instance that wakes. */
  WAITING_PER_INSTANCE: count(500),
  /** Requests for more AI credits; one is open at a time. */
  CREDIT_REQUESTS_PER_ACCOUNT_PER_DAY: count(10),
  /** Keys that a provider is asked about. */
  OWN_KEY_CHECKS_PER_ACCOUNT_PER_HOUR: count(20),
  /** Mails with a link that confirms an address, by who asks for them and by where they go. */
  CONFIRMATION_MAILS_PER_ACCOUNT_PER_DAY: count(5),
  CONFIRMATION_MAILS_PER_ADDRESS_PER_DAY: count(3),
  /** What services deliver from one network: all bots of a platform come from the same few. */
  CHANNEL_DELIVERIES_PER_NETWORK_PER_MINUTE: count(6_000),
  CHANNEL_MESSAGES_PER_MINUTE: count(120),
  /** Of one channel, while its computer cannot be woken. */
  CHANNEL_MESSAGES_WAITING: count(200),
  /** All that one instance says and asks by itself at `PLATFORM_INTERNAL_URL`; the reference image makes a few. */
  CALLS_PER_INSTANCE_PER_MINUTE: count(600),
  /** Each signs two accounts in at the homeserver; one is for a computer that has lost its keys. */
  MATRIX_DEVICES_PER_INSTANCE_PER_HOUR: count(20),
  /** What one instance says of its schedules, and what it asks about one that somebody writes. */
  SCHEDULE_CHANGES_PER_INSTANCE_PER_MINUTE: count(60),
  /** Programs of which one instance says that it refused to run them; the same one again counts after a minute. */
  DENIED_PROGRAMS_PER_INSTANCE_PER_HOUR: count(30),
  /** Of nobody's instance, at the AI proxy; where instances have no addresses of their own, of all together. */
  WRONG_AI_TOKENS_PER_ADDRESS_PER_MINUTE: count(120),
  /** Each reads all of somebody's calls. */
  CSV_DOWNLOADS_PER_SESSION_PER_MINUTE: count(10),
  /** Each packs a whole home. */
  EXPORTS_PER_ACCOUNT_PER_HOUR: count(10),
  /** Of one's own computer, by its owner. */
  RESTARTS_PER_ACCOUNT_PER_HOUR: count(120),
  /** Of whatever computer, by whoever visits it: one that dozes counts as well, so there is room for many short visits. */
  WAKES_PER_ACCOUNT_PER_HOUR: count(240),
  WEBHOOKS_PER_ACCOUNT: count(20),
  /** Deliveries that somebody asks for by hand: repeated, or to try an address. */
  WEBHOOK_DELIVERIES_ASKED_PER_ACCOUNT_PER_HOUR: count(120),
  /** Items that a person writes; what is deleted counts as well. */
  POSTS_PER_ACCOUNT_PER_HOUR: count(60),
  /** Items that whatever runs in one computer makes it post, also those that its owner is asked about. */
  POSTS_PER_INSTANCE_PER_HOUR: count(20),
  COMMENTS_PER_ACCOUNT_PER_HOUR: count(240),
  LIKES_PER_ACCOUNT_PER_HOUR: count(600),
  FOLLOWS_PER_ACCOUNT_PER_HOUR: count(300),
  REPORTS_PER_ACCOUNT_PER_HOUR: count(30),
  /** Over plain HTTP on `api.DOMAIN`, whatever is asked for, by anyone. */
  API_REQUESTS_PER_NETWORK_PER_MINUTE: count(1_200),
  STATS_PER_NETWORK_PER_MINUTE: count(1_200),
  /** Requests for hosts that no instance has; no others count. */
  UNKNOWN_HOSTS_PER_NETWORK_PER_MINUTE: count(60),
  /** Of hosts this process does not know, before Caddy may get a certificate; the names come from strangers. */
  CERTIFICATE_LOOKUPS_PER_SECOND: count(20),
  CALLS_PER_BATCH: count(10),
  /** The largest honest call of a browser is a new passkey with its attestation, some kilobytes. */
  CALL_BODY_BYTES: count(128 * 1024),
} as const

/** Each limit's value, as the environment gives it. */
export type LimitValues = { [Name in keyof typeof LIMITS]: number }
