/** Whether people may publish before an administrator said anything: the host names alone decide that. */
import type { Hosts, SettingValues } from '@matrixos/shared'
import { getDomain } from 'tldts'

/**
 * What browsers take for one site, by the Public Suffix List: pages of a site can set cookies for each other. `null`: for
 * no host below a name.
 */
const siteOf = (host: string) => getDomain(host, { allowPrivateDomains: true })

/**
 * An app is a stranger's page to whoever visits it. On the platform's own site it could set cookies that sign its
 * visitors out there. One person alone has no visitor with an account, and switches nothing.
 */
export function publishingDefault(
  hosts: Pick<Hosts, 'app' | 'instanceHost'>,
  env: { SINGLE: boolean },
): SettingValues['publishing'] {
  if (env.SINGLE) return 'on'
  const platform = siteOf(hosts.app)
  const instances = siteOf(hosts.instanceHost('instance'))
  return platform !== null && instances !== null && platform !== instances ? 'on' : 'off'
}
