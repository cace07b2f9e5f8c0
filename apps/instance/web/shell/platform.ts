/** What keys are called here. */
export const isMac = /Mac|iPhone|iPad/.test(navigator.userAgent)
