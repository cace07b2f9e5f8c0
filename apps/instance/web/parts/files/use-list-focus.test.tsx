// @vitest-environment happy-dom
import { cleanup, render, screen } from '@testing-library/react'
import { useRef } from 'react'
import { afterEach, expect, test } from 'vitest'
import { useListFocus } from './use-list-focus.ts'

afterEach(cleanup)

function Window(props: { isActive: boolean; isShown: boolean }) {
  const root = useRef<HTMLDivElement>(null)
  useListFocus({ root, ...props })
  return (
    <>
      <button type="button">dock</button>
      <dialog aria-label="asks" open>
        <button type="button">answer</button>
      </dialog>
      <section aria-label="frame" tabIndex={-1}>
        <button type="button">close</button>
        <div ref={root}>
          {/* biome-ignore lint/a11y/useSemanticElements: as the list is. */}
          {props.isShown && <div role="grid" aria-label="list" tabIndex={0} />}
        </div>
      </section>
    </>
  )
}

const list = () => screen.queryByRole('grid')
const show = (props: { isActive: boolean; isShown: boolean }) => {
  const { rerender } = render(<Window {...props} />)
  return (next: typeof props) => rerender(<Window {...next} />)
}

test('has the keys when its list comes, and when its window comes to the front', () => {
  const change = show({ isActive: true, isShown: false })
  screen.getByRole('region').focus()
  change({ isActive: true, isShown: true })
  expect(document.activeElement).toBe(list())
  change({ isActive: false, isShown: true })
  screen.getByText('dock').focus()
  change({ isActive: true, isShown: true })
  expect(document.activeElement).toBe(list())
})

test('takes them from nobody behind others, at a button of its window, or in a dialog', () => {
  const change = show({ isActive: false, isShown: false })
  screen.getByText('dock').focus()
  change({ isActive: false, isShown: true })
  expect(document.activeElement).toBe(screen.getByText('dock'))
  for (const name of ['close', 'answer']) {
    change({ isActive: false, isShown: true })
    screen.getByText(name).focus()
    change({ isActive: true, isShown: true })
    expect(document.activeElement).toBe(screen.getByText(name))
  }
})
