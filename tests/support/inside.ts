/** Programs run inside an instance's container, with that instance's own environment. */
import { text } from 'node:stream/consumers'
import type { Container } from 'dockerode'
import { engine } from './test-engine.ts'

/** What a command printed. */
export async function runIn(container: Container, command: string[]): Promise<string> {
  const exec = await container.exec({
    Cmd: command,
    ...{ AttachStdout: true, AttachStderr: true, Tty: true },
  })
  const stream = await exec.start({ Tty: true })
  return (await text(stream)).replaceAll('\r\n', '\n').trim()
}

/** What a script printed; it runs in the container's own Node. */
export const runInside = (container: Container, script: string): Promise<string> =>
  runIn(container, ['/usr/local/bin/node', '--input-type=module', '-e', script])

/** The status of the AI proxy's answer to a question after the budget, with this token, or without any. */
export const budgetInside = async (container: Container, token: string | null): Promise<number> =>
  Number(
    await runInside(
      container,
      `const headers = ${JSON.stringify(token === null ? {} : { 'x-api-key': token })}
       const answer = await fetch(process.env.ANTHROPIC_BASE_URL + '/budget', { headers })
       process.stdout.write(String(answer.status))`,
    ),
  )

/** Of one handle on a test's platform. */
export const containerOf = (prefix: string, handle: string): Container =>
  engine().getContainer(`${prefix}-${handle}`)

export async function environmentInside(container: Container): Promise<Record<string, string>> {
  const { Config } = await container.inspect()
  return Object.fromEntries(
    Config.Env.map((line) => [line.split('=', 1)[0] ?? '', line.replace(/^[^=]*=/, '')]),
  )
}
