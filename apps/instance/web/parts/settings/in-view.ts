/** A form that was asked for is seen as a whole, as far as there is room, not just the field that has the focus. */
export const inView = (form: HTMLElement | null): void => form?.scrollIntoView({ block: 'nearest' })
