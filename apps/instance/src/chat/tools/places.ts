/** Places of the home that are not like the others: what is secret, what decides how things run, what is kept by others. */

/** Tokens and keys: what a model reads, its provider reads too. */
const SECRET =
  /^(config\.json|system\/\.push\.json|\.netrc|\.npmrc|\.pypirc|\.pgpass|\.git-credentials|\.cargo\/credentials(\.toml)?|(\.ssh|\.gnupg|\.aws|\.docker|\.kube)(\/.*)?|(.*\/)?\.env(\..+)?|\.config\/(gh|gcloud)(\/.*)?)$/
/** Read by programs when they start, or run by them: an app's own file names the program of its server. */
const SETTING =
  /^(config\.json|system\/(?!memory\.md$|soul\.md$).*|\.[^/]+(\/.*)?|(.*\/)?\.git(\/.*)?|apps\/[^/]+\/app\.json)$/
/** Written by the computer alone. */
const KEPT = /^(chats|\.trash|\.uploads)(\/.*)?$/

/** Paths are below the home. */
export const isSecret = (path: string): boolean => SECRET.test(path)
export const isSetting = (path: string): boolean => SETTING.test(path)
export const isKept = (path: string): boolean => KEPT.test(path)
