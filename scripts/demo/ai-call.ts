/** AI as a program on the person's computer calls it: from inside, with what that computer was given. */
import { readFileSync } from 'node:fs'
import { text } from 'node:stream/consumers'
import { CREDIT_HEADERS } from '@matrixos/shared'
import { findProcesses } from '@matrixos/testing/processes'
import Docker from 'dockerode'
import { z } from 'zod'
import { HANDLE_LABEL } from '../../apps/api/src/drivers/runtime/docker/labels.ts'
import type { Platform } from '../../apps/supervisor/src/platform-file.ts'

const resultSchema = z.object({
  status: z.number().int(),
  cost: z.string().nullable(),
  remaining: z.string().nullable(),
  /** The model's words, or why it was refused. */
  words: z.string(),
})
export type AiResult = z.infer<typeof resultSchema>

const answerSchema = z.union([
  z.object({ content: z.array(z.object({ text: z.string().optional() })) }),
  z.object({ error: z.object({ message: z.string() }) }),
])

/** Runs in the container's own Node, which has nothing of this repository. */
const script = (body: string) => `
  const answer = await fetch(process.env.ANTHROPIC_BASE_URL + '/v1/messages', {
    method: 'POST',
    headers: { 'x-api-key': process.env.ANTHROPIC_API_KEY, 'anthropic-version': '2023-06-01', 'content-type': 'application/json' },
    body: ${JSON.stringify(body)},
  })
  const header = (name) => answer.headers.get(name)
  process.stdout.write(JSON.stringify({
    status: answer.status, cost: header('${CREDIT_HEADERS.cost}'), remaining: header('${CREDIT_HEADERS.remaining}'),
    text: await answer.text(),
  }))`

export async function callAi(platform: Platform, handle: string): Promise<AiResult> {
  const body = JSON.stringify({
    model: platform.aiProviders.includes('anthropic') ? 'claude-haiku-4-5' : 'demonstration-1',
    max_tokens: 60,
    messages: [{ role: 'user', content: 'Hello' }],
  })
  const { runtime, dataDir } = platform
  const printed = await (runtime === 'docker' ? inContainer(handle, body) : asProcess(handle, dataDir, body))
  const { text: answered, ...rest } = z.looseObject({ text: z.string() }).parse(JSON.parse(printed))
  const answer = answerSchema.parse(JSON.parse(answered))
  const words = 'error' in answer ? answer.error.message : (answer.content[0]?.text ?? '')
  return resultSchema.parse({ ...rest, words })
}

async function inContainer(handle: string, body: string): Promise<string> {
  const engine = new Docker()
  const [found] = await engine.listContainers({ filters: { label: [`${HANDLE_LABEL}=${handle}`] } })
  if (!found) throw new Error(`No container of ${handle} runs.`)
  const exec = await engine.getContainer(found.Id).exec({
    Cmd: ['/usr/local/bin/node', '--input-type=module', '-e', script(body)],
    ...{ AttachStdout: true, AttachStderr: true, Tty: true },
  })
  return text(await exec.start({ Tty: true }))
}

/** A process has no door of its own: the call is made beside it, with the address and the token that it holds. */
async function asProcess(handle: string, dataDir: string, body: string): Promise<string> {
  const [pid] = findProcesses(`MATRIX_HANDLE=${handle}`, dataDir)
  if (pid === undefined) throw new Error(`No process of ${handle} runs.`)
  const lines = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0')
  const given = (name: string) => lines.find((line) => line.startsWith(`${name}=`))?.slice(name.length + 1)
  const answer = await fetch(`${given('ANTHROPIC_BASE_URL')}/v1/messages`, {
    method: 'POST',
    headers: {
      'x-api-key': given('ANTHROPIC_API_KEY') ?? '',
      'anthropic-version': '2023-06-01',
      'content-type': 'application/json',
    },
    body,
  })
  return JSON.stringify({
    status: answer.status,
    cost: answer.headers.get(CREDIT_HEADERS.cost),
    remaining: answer.headers.get(CREDIT_HEADERS.remaining),
    text: await answer.text(),
  })
}
