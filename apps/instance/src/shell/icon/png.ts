/** The icon as PNG (RFC 2083): flat colours, which need no picture library. */
import { crc32 } from 'node:zlib'
import { GLASS, type IconShapes } from './shapes.ts'

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
/** 8 bits a sample, RGBA, nothing interlaced. */
const FORMAT = [8, 6, 0, 0, 0]
const CHANNELS = 4

/** `deflate`: zlib's own, which loads only where a picture is asked for. */
export async function pngOf(
  shapes: IconShapes,
  side: number,
  deflate: (raw: Buffer) => Promise<Buffer>,
): Promise<Buffer> {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(side, 0)
  header.writeUInt32BE(side, 4)
  header.set(FORMAT, 8)
  const data = await deflate(rasterOf(shapes, side))
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', header),
    chunk('IDAT', data),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const length = Buffer.alloc(4)
  length.writeUInt32BE(data.length)
  const sum = Buffer.alloc(4)
  sum.writeUInt32BE(crc32(body))
  return Buffer.concat([length, body, sum])
}

/** Rows from top to bottom, each after a byte that says that it is not filtered. */
function rasterOf({ circles, corner }: IconShapes, side: number): Buffer {
  const stride = 1 + side * CHANNELS
  const raster = Buffer.alloc(side * stride)
  const glass = rgb(GLASS)
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const shown = insideCorners(x + 0.5, y + 0.5, side, corner * side)
      raster.set([...glass, Math.round(shown * 255)], y * stride + 1 + x * CHANNELS)
    }
  }
  for (const { x, y, r, color } of circles) {
    const [cx, cy, radius] = [x * side, y * side, r * side]
    const ink = rgb(color)
    for (let py = Math.floor(cy - radius - 1); py <= cy + radius + 1; py++) {
      for (let px = Math.floor(cx - radius - 1); px <= cx + radius + 1; px++) {
        const cover = coverage(radius - Math.hypot(px + 0.5 - cx, py + 0.5 - cy))
        const at = py * stride + 1 + px * CHANNELS
        for (const [channel, value] of ink.entries()) {
          raster[at + channel] = Math.round((raster[at + channel] ?? 0) * (1 - cover) + value * cover)
        }
      }
    }
  }
  return raster
}

/** How much of a pixel lies within an edge that is this far away from its centre. */
const coverage = (distance: number): number => Math.min(1, Math.max(0, distance + 0.5))

function insideCorners(x: number, y: number, side: number, radius: number): number {
  const dx = Math.max(radius - x, x - (side - radius), 0)
  const dy = Math.max(radius - y, y - (side - radius), 0)
  return dx > 0 && dy > 0 ? coverage(radius - Math.hypot(dx, dy)) : 1
}

const rgb = (hex: string): number[] => [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16))
