import { expect, test } from 'vitest'
import { linesOf } from './files.ts'

test('reads lines as they become whole, across the pieces they come in', async () => {
  const bytes = new TextEncoder().encode('{"a":"ü"}\n{"b":2}\n{"cut')
  const stream = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const byte of bytes) controller.enqueue(Uint8Array.of(byte))
      controller.close()
    },
  })
  const lines: string[] = []
  for await (const line of linesOf(stream)) lines.push(line)
  expect(lines).toEqual(['{"a":"ü"}', '{"b":2}'])
})
