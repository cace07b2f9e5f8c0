/** A page's heading and browser title. It takes the focus when it replaces another page, for screen readers. */
import { useEffect, useRef } from 'react'
import { cn } from './cn.ts'

let isFirstPage = true

/** `children` is one text; `documentTitle` replaces it in the browser's tab. */
export interface PageTitleProps {
  children: string
  documentTitle?: string
  className?: string
}

export function PageTitle({ children, documentTitle, className }: PageTitleProps) {
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    // A field that took the focus by itself keeps it.
    const isFree = document.activeElement === null || document.activeElement === document.body
    if (!isFirstPage && isFree) heading.current?.focus({ preventScroll: true })
    const timer = setTimeout(() => {
      isFirstPage = false
    })
    return () => clearTimeout(timer)
  }, [])
  return (
    <>
      <title>{`${documentTitle ?? children} · Matrix OS`}</title>
      <h1 ref={heading} tabIndex={-1} className={cn('outline-none', className)}>
        {children}
      </h1>
    </>
  )
}
