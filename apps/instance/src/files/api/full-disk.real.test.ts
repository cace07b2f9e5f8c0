import { describeReal } from '@matrixos/testing/describe-real'
import Docker from 'dockerode'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { buildInstanceImage } from '../../../../supervisor/src/instance-image/build.ts'
import { FILES_API, REQUEST_HEADER } from '../../protocol.ts'
import { runContainer } from '../../testing/container.ts'
import { openSocket } from '../../testing/instance.ts'
import { located, upload } from './protocol.ts'

describeReal(['docker'], 'files in a hardened container', () => {
  const IMAGE = 'mosi-test:files'
  const MB = 1024 * 1024

  beforeAll(() => buildInstanceImage({ tag: IMAGE }))
  afterAll(async () => void (await new Docker().getImage(IMAGE).remove({ force: true })))

  const asker =
    (host: string) =>
    async (method: string, path: string, body?: BodyInit, headers = {}) => {
      const init = {
        method,
        headers: { [REQUEST_HEADER]: '1', ...headers },
        ...(body === undefined ? {} : { body }),
      }
      const answer = await fetch(`http://${host}${FILES_API}/${path}`, init)
      const text = await answer.text()
      return { status: answer.status, text, json: (): unknown => JSON.parse(text) }
    }

  test('says that the disk is full, keeps what was there, and goes on once there is room', async () => {
    await using instance = await runContainer({ image: IMAGE, homeBytes: 4 * MB })
    const ask = asker(await instance.start())
    const made = await ask('PUT', 'content?path=a.txt', 'old', { 'if-none-match': '*' })
    expect(made.status).toBe(201)
    const { version } = located.parse(made.json())
    const started = await ask('POST', 'uploads', JSON.stringify({ path: 'film', size: 3 * MB }))
    const { id } = upload.parse(started.json())
    await ask('PATCH', `uploads/${id}?offset=0`, new Uint8Array(MB))
    expect(
      (await ask('PUT', 'content?path=filler', new Uint8Array(2 * MB), { 'if-none-match': '*' })).status,
    ).toBe(201)

    const saved = await ask('PUT', 'content?path=a.txt', 'x'.repeat(2 * MB), { 'if-match': `"${version}"` })
    expect([saved.status, saved.text]).toEqual([507, expect.stringContaining('Your disk is full.')])
    expect((await ask('GET', 'content?path=a.txt')).text).toBe('old')
    const more = await ask('PATCH', `uploads/${id}?offset=${MB}`, new Uint8Array(2 * MB))
    expect([more.status, more.text]).toEqual([507, expect.stringContaining('Your disk is full.')])
    expect((await ask('POST', 'uploads', JSON.stringify({ path: 'another', size: 3 * MB }))).status).toBe(507)
    expect((await ask('POST', 'copy', JSON.stringify({ from: 'filler', to: 'copy' }))).status).toBe(507)

    expect((await ask('POST', 'delete', JSON.stringify({ paths: ['filler'] }))).status).toBe(204)
    const { offset } = upload.parse((await ask('GET', `uploads/${id}`)).json())
    expect(offset).toBeGreaterThanOrEqual(MB)
    expect(
      (await ask('PATCH', `uploads/${id}?offset=${offset}`, new Uint8Array(3 * MB - offset))).status,
    ).toBe(200)
    expect((await ask('POST', `uploads/${id}/finish`, '{}')).status).toBe(201)
    const again = await ask('PUT', 'content?path=a.txt', 'new', { 'if-match': `"${version}"` })
    expect(again.status).toBe(200)
  })

  test('says what it may not touch, and sees what is changed from outside', async () => {
    await using instance = await runContainer({ image: IMAGE })
    const host = await instance.start()
    const ask = asker(host)
    const exec = async (command: string) => {
      const script = `require('fs').${command}`
      const run = await instance.container.exec({
        Cmd: ['node', '-e', script],
        AttachStdout: true,
        AttachStderr: true,
      })
      await run
        .start({ Detach: false })
        .then((stream) => stream.resume() && new Promise((end) => stream.on('end', end)))
      expect((await run.inspect()).ExitCode, script).toBe(0)
    }
    const made = await ask('PUT', 'content?path=box/a.txt&folders=1', 'old', { 'if-none-match': '*' })
    const { version } = located.parse(made.json())
    const socket = await openSocket(`ws://${host}/ws/files`)
    socket.send({ type: 'watch', paths: ['box'] })
    expect(await socket.next()).toMatchObject({ type: 'watching', refused: [] })
    await exec(`chmodSync('box/a.txt', 0o444)`)
    expect(await socket.next()).toEqual({ type: 'changed', path: 'box' })
    const saved = await ask('PUT', 'content?path=box/a.txt', 'new', { 'if-match': `"${version}"` })
    expect([saved.status, saved.json()]).toEqual([
      403,
      { message: 'box/a.txt: I am not allowed to touch it' },
    ])
    await exec(`chmodSync('box', 0o555)`)
    for (const [path, body] of [
      ['file', { path: 'box/b.txt' }],
      ['move', { from: 'box/a.txt', to: 'b.txt' }],
      ['delete', { paths: ['box/a.txt'] }],
    ] as const) {
      expect((await ask('POST', path, JSON.stringify(body))).status, path).toBe(403)
    }
    expect((await ask('GET', 'content?path=box/a.txt')).text).toBe('old')
    await exec(`chmodSync('box', 0)`)
    expect((await ask('GET', 'list?path=box')).status).toBe(403)
    expect((await ask('POST', 'delete', JSON.stringify({ paths: ['box'] }))).status).toBe(204)
  })
})
