import { AVATAR_BYTES, AVATAR_SIZE } from '@matrixos/shared'
import sharp from 'sharp'
import { expect, it } from 'vitest'
import { drawAvatar } from './draw-avatar.ts'

const plain = (width: number, height: number) =>
  sharp({ create: { width, height, channels: 3, background: '#336699' } })

it.each(['png', 'jpeg', 'webp'] as const)('keeps a %s as a small square of its own', async (format) => {
  const sent = await plain(900, 600)
    .toFormat(format)
    .withExif({ IFD0: { Copyright: 'HOME-ADDRESS' } })
    .toBuffer()
  expect(sent.includes('HOME-ADDRESS')).toBe(true)
  const { bytes, version } = await drawAvatar(sent)
  const { width, height, format: kept } = await sharp(bytes).metadata()
  expect({ width, height, kept }).toEqual({ width: AVATAR_SIZE, height: AVATAR_SIZE, kept: 'webp' })
  expect(Buffer.from(bytes).includes('HOME-ADDRESS')).toBe(false)
  expect((await drawAvatar(sent)).version).toBe(version)
})

const SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>'
const refused = { code: 'invalid_input', message: expect.stringMatching(/picture/) }

it('refuses what is no picture, what only looks like one, and what its readers are not for', async () => {
  const png = await plain(64, 64).png().toBuffer()
  for (const sent of [
    Buffer.alloc(0),
    Buffer.from('hello'),
    Buffer.from(SVG),
    await plain(9, 9).gif().toBuffer(),
    await plain(9, 9).tiff().toBuffer(),
    png.subarray(0, 40),
    Buffer.alloc(AVATAR_BYTES + 1),
  ])
    await expect(drawAvatar(sent)).rejects.toMatchObject(refused)
})

it('refuses a small file that is a huge picture, before it takes the memory', async () => {
  const bomb = await sharp({ create: { width: 9_000, height: 9_000, channels: 3, background: '#fff' } })
    .png({ compressionLevel: 9 })
    .toBuffer()
  expect(bomb.length).toBeLessThan(AVATAR_BYTES)
  await expect(drawAvatar(bomb)).rejects.toMatchObject(refused)
})
