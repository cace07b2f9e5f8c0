import { isolationSuite } from './suite.ts'

isolationSuite('runc', [])
