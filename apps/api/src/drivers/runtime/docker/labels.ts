/** Labels that the driver puts on containers and networks: all that it remembers. */
export const PLATFORM_LABEL = 'os.matrix.platform'
/** Of the containers of a self-test, in place of the platform's own: they are no instances. */
export const SELF_TEST_LABEL = 'os.matrix.self-test'
export const INSTANCE_LABEL = 'os.matrix.instance'
export const HANDLE_LABEL = 'os.matrix.handle'
/** Which of the instance's containers; without it, the first. */
export const GENERATION_LABEL = 'os.matrix.generation'
/** Generation of the token for AI calls in its environment. */
export const AI_TOKEN_LABEL = 'os.matrix.ai-token'
/** Hash of the configuration that the container was made from. */
export const SPEC_LABEL = 'os.matrix.spec'
/** Fixed address on the instances' network. */
export const ADDRESS_LABEL = 'os.matrix.address'
/** Image reference, for people: containers are made from the image's id. */
export const IMAGE_LABEL = 'os.matrix.image'
