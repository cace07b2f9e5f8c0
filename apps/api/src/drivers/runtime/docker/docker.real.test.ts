import { describeReal } from '../../../../../../tests/support/parts.ts'
import { runtimeContract } from '../testing/contract.ts'
import { bootDocker } from '../testing/docker-harness.ts'

describeReal(['docker'], 'the Docker runtime', () => {
  runtimeContract('the docker driver', bootDocker)
})
