import { describe, expect, it } from 'vitest'
import { AppError } from '../../../errors.ts'
import { serializers } from '../../../log.ts'
import { makeSpec } from '../testing/harness.ts'
import { bridgesOf, placeOf } from './bridges.ts'
import { dockerClient } from './client.ts'
import { containerConfig } from './container-config.ts'
import { engineError } from './engine-error.ts'
import { readEvent } from './events.ts'
import type { Image } from './images.ts'
import { readFrames } from './inspect.ts'
import { SPEC_LABEL } from './labels.ts'
import { dockerSettings } from './options.ts'
import { traitsOf } from './traits.ts'

const homes = { give: async () => {}, disarm: async () => {} }
const settings = dockerSettings({ stateDir: '/srv/runtime', homes, platformId: 'here' })
const image = (labels: Record<string, string>): Image => ({
  ...traitsOf(labels),
  labels,
  id: 'sha256:1',
  uid: null,
})

describe('image labels', () => {
  it('are the public image where there are none', () => {
    expect(traitsOf({})).toEqual({
      gatewayPort: 4000,
      shellPort: 3000,
      shellIsAssumed: true,
      hardened: false,
      trust: 'bearer',
      readsRoles: false,
      readsApps: false,
    })
  })

  it('say one port when they say the gateway alone', () => {
    const labels = {
      'os.matrix.ports.gateway': '8000',
      'os.matrix.hardened': '1',
      'os.matrix.trust': 'edge',
      'os.matrix.roles': '1',
      'os.matrix.apps': '1',
    }
    expect(traitsOf(labels)).toEqual({
      gatewayPort: 8000,
      shellPort: null,
      shellIsAssumed: false,
      hardened: true,
      trust: 'edge',
      readsRoles: true,
      readsApps: true,
    })
  })

  it('count as absent when they make no sense', () => {
    expect(traitsOf({ 'os.matrix.ports.gateway': 'x', 'os.matrix.trust': 'yes' })).toEqual(traitsOf({}))
  })
})

describe('the container of an instance', () => {
  const spec = makeSpec('image', { slot: 3, generation: 3 })
  const render = (labels: Record<string, string>, changed = spec) =>
    containerConfig(changed, image(labels), settings, placeOf(bridgesOf(settings), changed.slot))

  it('has every capability dropped, and only an image that starts as root gets those back that it needs', () => {
    const [hardened, plain] = [render({ 'os.matrix.hardened': '1' }), render({})]
    expect(hardened.HostConfig).toMatchObject({ CapDrop: ['ALL'], ReadonlyRootfs: true, Init: true })
    expect(hardened.HostConfig?.CapAdd).toBeUndefined()
    expect(hardened.User).toBe(`${settings.user.uid}:${settings.user.gid}`)
    expect(plain.HostConfig).toMatchObject({
      CapDrop: ['ALL'],
      CapAdd: ['CHOWN', 'DAC_OVERRIDE', 'KILL', 'SETGID', 'SETUID'],
      Init: true,
    })
    for (const { HostConfig } of [hardened, plain]) {
      expect(HostConfig).toMatchObject({ SecurityOpt: ['no-new-privileges:true'], IpcMode: 'private' })
      expect(HostConfig?.PortBindings).toBeUndefined()
      expect(HostConfig?.Privileged).toBeUndefined()
    }
  })

  it('sees its home and nothing else of the host', () => {
    const home = { Type: 'bind', Source: spec.home, Target: '/home/matrixos/home' }
    expect(render({ 'os.matrix.hardened': '1' }).HostConfig?.Mounts).toEqual([home])
    const etc = ['hostname', 'hosts', 'resolv.conf'].map((name) => ({
      Type: 'bind',
      Source: `/srv/runtime/${spec.id}.3/${name}`,
      Target: `/etc/${name}`,
      ReadOnly: true,
    }))
    expect(render({}).HostConfig?.Mounts).toEqual([home, ...etc])
  })

  it('has the name of the contract, and a later one a name that no handle can have', () => {
    expect(render({}, { ...spec, generation: 1 }).name).toBe(`matrixos-${spec.handle}`)
    expect(render({}).name).toBe(`matrixos-${spec.handle}.3`)
  })

  it('gets the ports of its image', () => {
    expect(render({ 'os.matrix.ports.gateway': '8000' }).Env).toEqual(
      expect.arrayContaining(['PORT=8000', 'SHELL_PORT=8000', `MATRIX_HANDLE=${spec.handle}`]),
    )
  })

  it('is another one when anything about it changes', () => {
    const hash = (changed: typeof spec) => render({}, changed).Labels[SPEC_LABEL]
    const reordered = {
      ...spec,
      env: Object.fromEntries(Object.entries(spec.env).reverse()) as typeof spec.env,
    }
    expect(hash(reordered)).toBe(hash(spec))
    for (const changed of [
      { ...spec, generation: 4 },
      { ...spec, slot: 4 },
      { ...spec, home: '/srv/elsewhere' },
      { ...spec, env: { ...spec.env, MATRIX_AUTH_TOKEN: 'new' } },
    ]) {
      expect(hash(changed)).not.toBe(hash(spec))
    }
  })

  it('runs with gVisor where its plan says so, and is otherwise made as before there was a choice', () => {
    const [plain, runc, runsc] = [
      render({}),
      render({}, { ...spec, ociRuntime: 'runc' }),
      render({}, { ...spec, ociRuntime: 'runsc' }),
    ]
    expect([plain, runc, runsc].map(({ HostConfig }) => HostConfig?.Runtime)).toEqual([
      undefined,
      undefined,
      'runsc',
    ])
    expect(runc.Labels[SPEC_LABEL]).toBe(plain.Labels[SPEC_LABEL])
    expect(runsc.Labels[SPEC_LABEL]).not.toBe(plain.Labels[SPEC_LABEL])
  })

  it('is the same one with other limits: the engine changes them in place', () => {
    const limits = { memoryBytes: 9, memoryReservationBytes: 8, cpuShares: 7, cpuQuotaUs: 6, pids: 5 }
    const other = render({}, { ...spec, limits })
    expect(other.HostConfig).toMatchObject({ Memory: 9, PidsLimit: 5 })
    expect(other.Labels[SPEC_LABEL]).toBe(render({}, spec).Labels[SPEC_LABEL])
  })
})

describe('errors of the engine', () => {
  const withCode = (code: string) => Object.assign(new Error(code), { code })

  it.each([
    ['EACCES', 'usermod -aG docker'],
    ['EPERM', 'usermod -aG docker'],
    ['ENOENT', 'Start Docker'],
    ['ECONNREFUSED', 'Start Docker'],
  ])('%s tells the operator what to do, and owners nothing of the server', (code, fix) => {
    const error = engineError(withCode(code), 'unix:///x.sock')
    expect(error.code).toBe('engine_down')
    expect(error.message).not.toMatch(/x\.sock|DOCKER_HOST|sudo/)
    const written = JSON.stringify(serializers.err(error))
    for (const text of [fix, 'x.sock', code]) expect(written).toContain(text)
  })

  it.each(['unknown or invalid runtime name: runsc', 'Unknown runtime specified runsc'])(
    'tell the operator how to get a runtime that is not there: %s',
    (reason) => {
      const error = engineError(new Error(reason), 'unix:///x.sock')
      expect(error).toMatchObject({
        code: 'conflict',
        message: expect.not.stringContaining('INSTANCE_RUNTIME'),
        cause: { message: expect.stringContaining('npm run setup:real') },
      })
    },
  )

  it('never show the engine’s own words to people', () => {
    const error = engineError(new Error('(HTTP code 500) secret path'), 'unix:///x.sock')
    expect(error.message).not.toContain('secret')
    expect(error.cause).toBeInstanceOf(Error)
  })

  it('leave clear errors as they are', () => {
    const clear = new AppError('conflict', 'clear')
    expect(engineError(clear, '')).toBe(clear)
  })

  it.each(['ssh://host', 'tcp://host', 'nonsense'])('refuse DOCKER_HOST=%s', (host) => {
    expect(() => dockerClient(host, 0)).toThrow('DOCKER_HOST')
  })
})

describe('what the engine sends', () => {
  const line = (action: string, id: string) =>
    JSON.stringify({ Action: action, timeNano: 2e9, Actor: { Attributes: { 'os.matrix.instance': id } } })

  it('is read as events', () => {
    const { id } = makeSpec('')
    expect(readEvent(line('die', id))).toEqual({ event: { id, generation: 1, kind: 'stopped' }, atS: 2 })
    for (const other of [line('attach', id), line('die', 'x'), '{}', '', '{"Action":']) {
      expect(readEvent(other)).toBeNull()
    }
  })

  it('is read as output, both streams in order', () => {
    const frame = (stream: number, text: string) => {
      const head = Buffer.alloc(8)
      head[0] = stream
      head.writeUInt32BE(Buffer.byteLength(text), 4)
      return Buffer.concat([head, Buffer.from(text)])
    }
    expect(readFrames(Buffer.concat([frame(1, 'one\n'), frame(2, 'zwö\n')]))).toBe('one\nzwö\n')
    expect(readFrames(Buffer.alloc(0))).toBe('')
  })
})
