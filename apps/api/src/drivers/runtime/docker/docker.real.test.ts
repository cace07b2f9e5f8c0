import { runtimeContract } from '../testing/contract.ts'
import { bootDocker } from '../testing/docker-harness.ts'

runtimeContract('the docker driver', bootDocker)
