/** One service of a compose file, run as the file says: a setting that is not understood here is a failure. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from '@matrixos/host/root'
import type { ContainerCreateOptions, NetworkCreateOptions } from 'dockerode'
import { parse } from 'yaml'
import { z } from 'zod'

const text = z.string()
const texts = z.array(text)

const serviceSchema = z.strictObject({
  image: text,
  build: z.strictObject({ context: text, dockerfile: text }),
  container_name: text,
  init: z.boolean(),
  restart: z.literal('unless-stopped'),
  environment: z.record(text, text),
  ports: texts,
  volumes: texts,
  networks: texts,
  read_only: z.boolean(),
  tmpfs: texts,
  cap_drop: texts,
  security_opt: texts,
  pids_limit: z.number(),
  mem_limit: text,
  stop_grace_period: text,
})

const fileSchema = z.strictObject({
  services: z.looseObject({ computer: serviceSchema }),
  networks: z.record(
    text,
    z.strictObject({
      name: text,
      ipam: z.strictObject({ config: z.array(z.strictObject({ subnet: text })) }),
    }),
  ),
  volumes: z.record(text, z.strictObject({ name: text })),
})

export type ComposeFile = z.infer<typeof fileSchema>

/** `${NAME:-default}`, as compose fills it in. `given`: what the operator's environment has. */
export const filledIn = (source: string, given: Record<string, string>): string =>
  source.replace(/\$\{(\w+):-([^}]*)\}/g, (_, name: string, fallback: string) => given[name] || fallback)

/** `path`: from the root of the project. `change`: what two of them on one machine cannot share. */
export function readCompose(
  path: string,
  given: Record<string, string>,
  change: (source: string) => string,
): ComposeFile {
  return fileSchema.parse(parse(filledIn(change(readFileSync(join(ROOT, path), 'utf8')), given)))
}

const UNITS: Record<string, number> = { k: 1024, m: 1024 ** 2, g: 1024 ** 3 }
const bytesOf = (size: string): number => {
  const [, figure = '', unit = ''] = /^(\d+)([kmg])$/.exec(size) ?? []
  const factor = UNITS[unit]
  if (!factor) throw new Error(`Not a size: ${size}`)
  return Number(figure) * factor
}

/** Its last part is the options, as in `/tmp:size=256m,mode=1777`. */
const split = (mount: string): [string, string] => {
  const at = mount.indexOf(':')
  return [mount.slice(0, at), mount.slice(at + 1)]
}

export function containerOf(file: ComposeFile): ContainerCreateOptions & { name: string } {
  const { computer } = file.services
  const network = file.networks[computer.networks[0] ?? '']
  if (!network) throw new Error('The service is in no network.')
  const ports = computer.ports.map((port) => {
    const [address = '', outer = '', inner = ''] = port.split(':')
    return [`${inner}/tcp`, [{ HostIp: address, HostPort: outer }]] as const
  })
  const binds = computer.volumes.map((mount) => {
    const [volume, path] = split(mount)
    const named = file.volumes[volume]
    if (!named) throw new Error(`There is no volume ${volume}.`)
    return `${named.name}:${path}`
  })
  return {
    name: computer.container_name,
    Image: computer.image,
    Env: Object.entries(computer.environment).map(([name, value]) => `${name}=${value}`),
    ExposedPorts: Object.fromEntries(ports.map(([port]) => [port, {}])),
    StopTimeout: Number.parseInt(computer.stop_grace_period, 10),
    HostConfig: {
      Init: computer.init,
      RestartPolicy: { Name: computer.restart },
      PortBindings: Object.fromEntries(ports),
      Binds: binds,
      NetworkMode: network.name,
      ReadonlyRootfs: computer.read_only,
      Tmpfs: Object.fromEntries(computer.tmpfs.map(split)),
      CapDrop: computer.cap_drop,
      SecurityOpt: computer.security_opt,
      PidsLimit: computer.pids_limit,
      Memory: bytesOf(computer.mem_limit),
    },
  }
}

export const networksOf = (file: ComposeFile): NetworkCreateOptions[] =>
  Object.values(file.networks).map(({ name, ipam }) => ({
    Name: name,
    IPAM: { Driver: 'default', Config: ipam.config.map(({ subnet }) => ({ Subnet: subnet })) },
  }))
