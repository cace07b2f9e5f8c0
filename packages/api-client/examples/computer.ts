/** Wakes your computer, and says what your AI calls cost. Wants a token with tenant:read, tenant:control and quota:read. */
import { ApiProblem, createApi } from '@matrixos/api-client'

const api = createApi({ url: process.env.MATRIXOS_API ?? '', token: process.env.MATRIXOS_TOKEN })

const stats = await api.call('GET /stats')
console.log(`${stats.instances} computers, ${stats.running} of them awake`)

const computer = await api.call('GET /computer')
const { desired } = await api.call('POST /computers/{instanceId}/wake', { instanceId: computer.id })
console.log(`${computer.handle} is to be ${desired}`)

for await (const page of api.pages('GET /credits/calls', { limit: 100 }))
  for (const { id } of page.calls) console.log(`AI call ${id}`)

try {
  await api.call('POST /computers/{instanceId}/wake', { instanceId: 'ins_00000000000000000000000000' })
} catch (error) {
  if (!(error instanceof ApiProblem)) throw error
  console.log(`${error.status} ${error.code}`)
}
