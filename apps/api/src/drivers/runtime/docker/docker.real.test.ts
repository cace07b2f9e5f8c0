import { describeReal } from '@matrixos/testing/describe-real'
import { runtimeContract } from '../testing/contract.ts'
import { bootDocker } from '../testing/docker-harness.ts'

describeReal(['docker'], 'the Docker runtime', () => {
  runtimeContract('the docker driver', bootDocker)
})

describeReal(['docker', 'runsc'], 'the Docker runtime with gVisor', () => {
  runtimeContract('the docker driver with runsc', () => bootDocker('runsc'))
})
