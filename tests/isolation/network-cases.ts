/** What an instance reaches: of its neighbour, of private networks, of mail servers, and of the internet. */
import { createSocket } from 'node:dgram'
import { lookup } from 'node:dns/promises'
import { once } from 'node:events'
import { expect, it } from 'vitest'
import { z } from 'zod'
import { createNft } from '../../apps/api/src/drivers/runtime/docker/firewall/nft.ts'
import { METADATA, PRIVATE, PUBLIC } from './beyond.ts'
import { dial } from './dial.ts'
import type { Setup } from './setup.ts'

const NEIGHBOURS_PORTS = [3000, 4000, 8080]
const UDP_PORT = 5353
/** Of a domain that nobody ever has. */
const NOBODY = 'nobody.invalid'
const codeOf = (error: unknown) => (error instanceof Error && 'code' in error ? error.code : String(error))

const MAIL_PORTS = [25, 465, 587]

/** Sends an echo to each address, as ping does, and prints those that answered. */
const PING = (hosts: string[]) => `my @seen;
for my $host (${hosts.map((host) => `'${host}'`).join(', ')}) {
  socket(my $s, 2, 2, 1) or next;
  my $sum = 0x0800 + 1; my $packet = pack('CCnnn', 8, 0, 0xffff & ~$sum, 0, 1);
  send($s, $packet, 0, pack('S n C4 x8', 2, 0, split(/\\./, $host))) or next;
  my $bits = ''; vec($bits, fileno($s), 1) = 1;
  push @seen, $host if select($bits, undef, undef, 1) > 0;
}
print '[' . join(',', map { "\\"$_\\"" } @seen) . ']';`

const LOOK_UP = (name: string) => `import { promises } from 'node:dns'
console.log(JSON.stringify(await promises.lookup(${JSON.stringify(name)}).then(({ address }) => address, ({ code }) => code)))`

const SEND_UDP = (host: string) => `import { createSocket } from 'node:dgram'
const socket = createSocket('udp4')
const end = (heard) => { console.log(heard); socket.close() }
const timer = setTimeout(end, 1000, false)
socket.once('message', () => { clearTimeout(timer); end(true) })
socket.once('error', () => undefined)
socket.send('anybody?', ${UDP_PORT}, '${host}', () => undefined)`

/** The same from this machine, which reaches every instance. */
async function hostHearsUdp(host: string): Promise<void> {
  const socket = createSocket('udp4')
  socket.send('anybody?', UDP_PORT, host)
  await once(socket, 'message')
  socket.close()
}

export function networkCases(get: () => Setup): void {
  it('reaches no neighbour by its name', async () => {
    const { attack, neighbour, stack } = get()
    const names = [`${stack.name}-${neighbour.handle}`, neighbour.handle]
    const places = names.flatMap((host) => NEIGHBOURS_PORTS.map((port) => ({ host, port })))
    expect(await attack.reached(places)).toEqual([])
  })

  it('reaches no neighbour by its address', async () => {
    const { attack, attacker, neighbour } = get()
    const at = (host: string) => NEIGHBOURS_PORTS.map((port) => ({ host, port }))
    for (const { host, port } of at(neighbour.address)) expect(await dial(host, port)).toBe('connected')
    expect(await attack.reached(at(attacker.address))).toHaveLength(NEIGHBOURS_PORTS.length)
    expect(await attack.reached(at(neighbour.address))).toEqual([])
  })

  it('reaches no neighbour by UDP', async () => {
    const { attack, attacker, neighbour } = get()
    await hostHearsUdp(neighbour.address)
    expect(await attack.told(z.boolean(), 'node', SEND_UDP(attacker.address))).toBe(true)
    expect(await attack.told(z.boolean(), 'node', SEND_UDP(neighbour.address))).toBe(false)
  })

  it('gets no echo from a neighbour, nor from this machine', async () => {
    const { attack, attacker, neighbour, gateway, runtime } = get()
    const hosts = [attacker.address, neighbour.address, gateway]
    const answered = await attack.told(z.array(z.string()), 'perl', PING(hosts))
    // gVisor gives a program without privileges no such socket at all.
    expect(answered).toEqual(runtime === 'runc' ? [attacker.address] : [])
  })

  it('reaches no metadata service at a link-local address', async () => {
    const { attack } = get()
    expect(await dial(METADATA, 80)).toBe('connected')
    expect(await attack.reached([80, 8080].map((port) => ({ host: METADATA, port })))).toEqual([])
  })

  it('is kept from link-local, private and carrier networks by a rule each', async () => {
    const { table } = get()
    const rules = await createNft().read(table)
    for (const range of ['169.254.0.0/16', '10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10'])
      expect(rules).toContain(range)
  })

  it('reaches no private network behind this machine', async () => {
    const { attack } = get()
    expect(await dial(PRIVATE, 443)).toBe('connected')
    expect(await attack.reached([80, 443, 8080].map((port) => ({ host: PRIVATE, port })))).toEqual([])
  })

  for (const port of MAIL_PORTS)
    it(`hands no mail in at port ${port}`, async () => {
      const { attack } = get()
      expect(await dial(PUBLIC, port)).toBe('connected')
      expect(await attack.reached([{ host: PUBLIC, port }])).toEqual([])
    })

  it('reaches the internet otherwise', async () => {
    const places = [80, 443, 8080].map((port) => ({ host: PUBLIC, port }))
    expect(await get().attack.reached(places)).toHaveLength(places.length)
  })

  it('has no way out by IPv6', async () => {
    const { attack, listeners } = get()
    const { v6 } = listeners.addresses
    for (const host of [...v6, '::1']) expect(await dial(host, listeners.forgotten)).toBe('connected')
    const own = await attack.told(
      z.array(z.string()),
      'node',
      `import { networkInterfaces } from 'node:os'
       const all = Object.values(networkInterfaces()).flat().filter(({ internal, family }) => !internal && family === 'IPv6')
       console.log(JSON.stringify(all.map(({ address }) => address).filter((it) => !it.startsWith('fe80'))))`,
    )
    expect(own).toEqual([])
    const places = [...v6, 'ff02::1', '2001:db8::1'].map((host) => ({ host, port: listeners.forgotten }))
    expect(await attack.reached(places)).toEqual([])
  })

  it('reaches the AI proxy, which asks for its token', async () => {
    const { attack } = get()
    const script = `const { status } = await fetch(process.env.ANTHROPIC_BASE_URL + '/v1/models'); console.log(status)`
    expect(await attack.told(z.number(), 'node', script)).toBe(401)
  })

  it('reaches the homeserver', async () => {
    const { attack, homeserver } = get()
    expect(await attack.reached([homeserver])).toHaveLength(1)
  })

  it('resolves names', async () => {
    const { attack, attacker, runtime, stack } = get()
    // A name server says that there is none; without one, the answer is another.
    const here = await lookup(NOBODY).catch(codeOf)
    expect(await attack.told(z.string(), 'node', LOOK_UP(NOBODY))).toBe(here)
    const name = `${stack.name}-${attacker.handle}`
    // The engine's own names are the engine's alone to answer, and gVisor asks this machine's name servers.
    if (runtime === 'runc')
      expect(await attack.told(z.string(), 'node', LOOK_UP(name))).toBe(attacker.address)
  })
}
