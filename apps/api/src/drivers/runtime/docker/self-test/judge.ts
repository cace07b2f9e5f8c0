/** What a self-test has found, and what follows from it. Pure. */
import type { FirewallState, SelfTestReport, WallState } from '../../../../ports/runtime.ts'

/** `null`: it could not be tried. */
export interface Findings {
  neighbourReached: boolean | null
  hostReached: boolean | null
  /** Whether the kernel's own list of rules closes the range of metadata services. */
  isMetadataClosed: boolean | null
  servicesReached: boolean
}

/** Of several bridges: what is open on one of them is open. */
export function worstOf(all: readonly Findings[]): Findings {
  const worst = (values: readonly (boolean | null)[], bad: boolean): boolean | null =>
    values.includes(bad) ? bad : values.includes(null) || values.length === 0 ? null : !bad
  return {
    neighbourReached: worst(
      all.map((one) => one.neighbourReached),
      true,
    ),
    hostReached: worst(
      all.map((one) => one.hostReached),
      true,
    ),
    isMetadataClosed: worst(
      all.map((one) => one.isMetadataClosed),
      false,
    ),
    servicesReached: all.every((one) => one.servicesReached),
  }
}

const wallOf = (isReached: boolean | null): WallState =>
  isReached === null ? 'unknown' : isReached ? 'open' : 'closed'

export function reportOf(findings: Findings): SelfTestReport {
  const { neighbourReached, hostReached, isMetadataClosed, servicesReached } = findings
  return {
    neighbour: wallOf(neighbourReached),
    host: wallOf(hostReached),
    metadata: wallOf(isMetadataClosed === null ? null : !isMetadataClosed),
    services: servicesReached ? 'answer' : 'silent',
  }
}

/** For the operator, or `null`. What nobody keeps closed is open by choice, which the log says at the start. */
export function failureOf(report: SelfTestReport, firewall: FirewallState): string | null {
  if (report.neighbour === 'open')
    return 'A container on the instances’ network reached another one. On the host, run: modprobe br_netfilter && sysctl -w net.bridge.bridge-nf-call-iptables=1'
  if (firewall.by === 'nobody') return null
  if (report.host === 'open')
    return `A container on the instances’ network reached a port of this machine, which the firewall (kept by the ${firewall.by}) should close. Compare it with deploy/host/instance-network.sh.`
  if (report.metadata === 'open')
    return 'The firewall of instances has no rule that closes 169.254.0.0/16, where metadata services are.'
  return null
}

/** What was found open stays so until it was tried again and is closed: "could not be tried" proves nothing. */
export function isProvenClosed(report: SelfTestReport, firewall: FirewallState): boolean {
  if (report.neighbour !== 'closed') return false
  return firewall.by === 'nobody' || (report.host !== 'open' && report.metadata !== 'open')
}
