/** The plans that an instance can be on. What each of them gives is the api's to say. */
export const PLANS = ['standard'] as const
export type Plan = (typeof PLANS)[number]

/** Of an instance that was just made. */
export const FIRST_PLAN: Plan = 'standard'
