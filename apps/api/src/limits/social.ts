/** What people write for each other, and what they read of each other. */
import { type AttemptLimits, memoryLimit } from './attempt-limit.ts'
import type { LimitValues } from './defaults.ts'

const MINUTE_S = 60
const HOUR_S = 3600

/** What people and their computers write for others. */
export const feedLimits = (env: LimitValues, shared: AttemptLimits) => ({
  posts: shared.of({
    name: 'post',
    attempts: env.POSTS_PER_ACCOUNT_PER_HOUR,
    seconds: HOUR_S,
    message: 'You have posted too often in the last hour.',
  }),
  instancePosts: shared.of({
    name: 'instance-post',
    attempts: env.POSTS_PER_INSTANCE_PER_HOUR,
    seconds: HOUR_S,
    message: 'This computer has posted too often in the last hour.',
  }),
  comments: shared.of({
    name: 'comment',
    attempts: env.COMMENTS_PER_ACCOUNT_PER_HOUR,
    seconds: HOUR_S,
    message: 'You have written too many comments in the last hour.',
  }),
  likes: shared.of({
    name: 'like',
    attempts: env.LIKES_PER_ACCOUNT_PER_HOUR,
    seconds: HOUR_S,
    message: 'You have liked too much in the last hour.',
  }),
  reports: shared.of({
    name: 'report',
    attempts: env.REPORTS_PER_ACCOUNT_PER_HOUR,
    seconds: HOUR_S,
    message: 'You have reported too much in the last hour.',
  }),
})

/** What people read of each other, and show of themselves. */
export const socialLimits = (env: LimitValues, shared: AttemptLimits) => ({
  reads: memoryLimit({
    name: 'social-read',
    attempts: env.SOCIAL_READS_PER_NETWORK_PER_MINUTE,
    seconds: MINUTE_S,
    message: 'Too many requests from your network.',
  }),
  follows: shared.of({
    name: 'follow',
    attempts: env.FOLLOWS_PER_ACCOUNT_PER_HOUR,
    seconds: HOUR_S,
    message: 'You have followed too many people in the last hour.',
  }),
  avatars: shared.of({
    name: 'avatar',
    attempts: env.AVATARS_PER_ACCOUNT_PER_HOUR,
    seconds: HOUR_S,
    message: 'You have changed your picture too often in the last hour.',
  }),
})
