import { describeReal } from '@matrixos/testing/describe-real'
import { runtimeContract } from '../testing/contract.ts'
import { bootDocker } from '../testing/docker-harness.ts'

describeReal(['docker'], 'the Docker runtime', () => {
  runtimeContract('the docker driver', bootDocker)
})
