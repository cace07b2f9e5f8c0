/** Pictures for link previews: as browsers and chat programs draw them, and no larger than the platform takes. */
import { PICTURE_BYTES, PICTURE_SIZE } from '@matrixos/shared'

/** Its message is for people. */
export class PictureError extends Error {}

/** The part of a picture that fills the frame, in its own pixels. */
export function cropOf(
  { width, height }: { width: number; height: number },
  frame: { width: number; height: number },
) {
  const scale = Math.min(width / frame.width, height / frame.height)
  const [w, h] = [frame.width * scale, frame.height * scale]
  // What is above the middle is what a screenshot is about.
  return { x: (width - w) / 2, y: (height - h) / 4, width: w, height: h }
}

export function canvasOf({ width, height } = PICTURE_SIZE as { width: number; height: number }) {
  const canvas = document.createElement('canvas')
  canvas.width = width
  canvas.height = height
  const context = canvas.getContext('2d')
  if (!context) throw new PictureError('This browser cannot draw pictures.')
  return { canvas, context }
}

const blobOf = (canvas: HTMLCanvasElement, type: string, quality?: number) =>
  new Promise<Blob>((resolve, reject) =>
    canvas.toBlob(
      (blob) => (blob ? resolve(blob) : reject(new PictureError('This picture could not be kept.'))),
      type,
      quality,
    ),
  )

/** As PNG where that is small enough, which drawings are, else as a JPEG that is. */
export async function encode(canvas: HTMLCanvasElement): Promise<Blob> {
  const png = await blobOf(canvas, 'image/png')
  if (png.size <= PICTURE_BYTES) return png
  for (const quality of [0.88, 0.75, 0.6, 0.4]) {
    const jpeg = await blobOf(canvas, 'image/jpeg', quality)
    if (jpeg.size <= PICTURE_BYTES) return jpeg
  }
  throw new PictureError('This picture has too many details. Choose another one.')
}

/** Somebody's screenshot in the frame. It is drawn anew, so whatever else the file says, such as a place, stays behind. */
export async function frameFile(file: Blob): Promise<Blob> {
  const image = await createImageBitmap(file).catch(() => {
    throw new PictureError('This file is no picture that this browser can read.')
  })
  const { canvas, context } = canvasOf()
  const crop = cropOf(image, PICTURE_SIZE)
  context.imageSmoothingQuality = 'high'
  context.drawImage(image, crop.x, crop.y, crop.width, crop.height, 0, 0, canvas.width, canvas.height)
  image.close()
  return encode(canvas)
}

/** For an element of a page, which may show nothing that lies elsewhere. */
export const dataUrlOf = (blob: Blob): Promise<string> =>
  new Promise((resolve, reject) => {
    const reader = new FileReader()
    reader.onload = () => resolve(String(reader.result))
    reader.onerror = () => reject(new PictureError('This picture could not be read.'))
    reader.readAsDataURL(blob)
  })
