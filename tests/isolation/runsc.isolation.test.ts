import { isolationSuite } from './suite.ts'

isolationSuite('runsc', ['runsc'])
