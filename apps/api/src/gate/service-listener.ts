/** What the platform's own parts call, on a socket that no visitor's request is ever passed to. */
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import type { Hosts } from '@matrixos/shared'
import type { InstanceMirror } from '../tenants/mirror.ts'
import { problem } from './answers.ts'
import { send } from './listener.ts'

/** Caddy's question before it gets a certificate on demand. */
const ASK_PATH = '/ask?'

export interface ServiceListenerOptions {
  hosts: Hosts
  mirror: Pick<InstanceMirror, 'ofHandle'>
  /** Answers `/trpc`. */
  trpc: RequestListener
}

export function createServiceListener({ hosts, mirror, trpc }: ServiceListenerOptions): RequestListener {
  /** The edge may get a certificate for the platform's own hosts and for instances that exist; for no other. */
  function mayHaveCertificate(request: IncomingMessage, response: ServerResponse): void {
    const domain =
      new URL(request.url ?? '/', hosts.appOrigin).searchParams.get('domain')?.toLowerCase() ?? ''
    const isOurs = [hosts.domain, hosts.app, hosts.api].includes(domain)
    const handle = hosts.handleOf(domain)
    const isKnown = isOurs || (handle !== null && mirror.ofHandle(handle) !== undefined)
    send(
      response,
      isKnown ? { status: 200, headers: {} } : problem('not_found', 'There is no such host here.'),
    )
  }

  return (request, response) => {
    const path = request.url ?? '/'
    if (path.startsWith(ASK_PATH)) mayHaveCertificate(request, response)
    else if (path.startsWith('/trpc/')) trpc(request, response)
    else send(response, problem('not_found', 'There is nothing at this address.'))
  }
}
