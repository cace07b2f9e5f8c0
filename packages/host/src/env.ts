/** The environment of this process, as the default of what looks things up in one. */

export type Environment = NodeJS.ProcessEnv

export const environment: Environment = process.env
