/** Puts the focus in a form's field, as browsers do with the first one that their own validation refuses. */
export function focusField(form: HTMLFormElement, name: string): void {
  const field = form.elements.namedItem(name)
  if (field instanceof HTMLElement) field.focus()
}
