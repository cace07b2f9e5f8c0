import { type InstanceId, newId } from '@matrixos/shared'
import { expect, it } from 'vitest'
import { systemClock } from '../clock.ts'
import { memoryLimit } from '../limits/attempt-limit.ts'
import { createLog } from '../log.ts'
import { deniedProgramCalls } from './denied-programs.ts'

const id = newId('ins', systemClock)

function calls(most: number) {
  const noted: [InstanceId, string, string | null | undefined][] = []
  const { 'POST /denied': call } = deniedProgramCalls({
    note: (which, kind, { detail } = {}) => void noted.push([which, kind, detail]),
    limit: memoryLimit({ name: 'denied', attempts: most, seconds: 3_600, message: 'Too many.' }),
    log: createLog({ level: 'silent', part: 'test' }),
  })
  return { noted, tell: async (body: unknown) => call?.(id, body) }
}

it('notes what was refused in the timeline, and no more than anybody would read', async () => {
  const { tell, noted } = calls(2)
  await tell({ program: 'xmrig' })
  await tell({ program: 'minerd' })
  await expect(tell({ program: 'ccminer' })).rejects.toMatchObject({ code: 'too_many_requests' })
  expect(noted).toEqual([
    [id, 'program_denied', 'xmrig'],
    [id, 'program_denied', 'minerd'],
  ])
})

it.each([{}, { program: '' }, { program: '<b>x</b>' }, { program: 'x'.repeat(65) }])(
  'refuses %j',
  async (body) => {
    const { tell, noted } = calls(2)
    await expect(tell(body)).rejects.toThrow()
    expect(noted).toEqual([])
  },
)
