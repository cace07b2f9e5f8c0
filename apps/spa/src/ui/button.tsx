/** Buttons, and links that look like them. `pending` blocks a second click and tells screen readers. */
import { cva, type VariantProps } from 'class-variance-authority'
import { LoaderCircle } from 'lucide-react'
import type { ComponentProps } from 'react'
import { cn } from './cn.ts'

/** What has no border shows one where forced colours take its ground away: a transparent one is drawn then. */
export const buttonStyle = cva(
  'inline-flex select-none items-center justify-center gap-2 rounded-control font-medium transition-[background-color,border-color,color,transform] duration-150 active:translate-y-px disabled:pointer-events-none disabled:opacity-50 aria-disabled:cursor-default aria-disabled:opacity-60 [&_svg]:size-[1.1em] [&_svg]:shrink-0',
  {
    variants: {
      variant: {
        primary: 'border border-transparent bg-accent text-on-accent hover:bg-accent-hover',
        secondary: 'border border-line bg-surface text-ink hover:border-line-strong hover:bg-sunken',
        ghost: 'border border-transparent text-muted hover:bg-sunken hover:text-ink',
        danger: 'border border-transparent bg-danger text-surface hover:opacity-90',
        'danger-quiet': 'border border-line text-danger hover:border-danger hover:bg-danger-soft',
      },
      size: {
        sm: 'h-11 px-3 text-sm sm:h-9',
        md: 'h-11 px-5 text-[0.95rem]',
        lg: 'h-13 px-7 text-base',
      },
    },
    defaultVariants: { variant: 'primary', size: 'md' },
  },
)

export interface ButtonProps extends ComponentProps<'button'>, VariantProps<typeof buttonStyle> {
  pending?: boolean
  /** Cannot be pressed now, but keeps the focus, which `disabled` would drop. */
  unavailable?: boolean
}

export function Button({
  variant,
  size,
  pending = false,
  unavailable = false,
  className,
  children,
  onClick,
  ...rest
}: ButtonProps) {
  const isBlocked = pending || unavailable
  return (
    <button
      type="button"
      {...rest}
      aria-busy={pending || undefined}
      aria-disabled={isBlocked || undefined}
      onClick={isBlocked ? (event) => event.preventDefault() : onClick}
      className={cn(buttonStyle({ variant, size }), className)}
    >
      {pending && <LoaderCircle aria-hidden className="animate-spin" />}
      {children}
    </button>
  )
}

export interface ButtonLinkProps extends ComponentProps<'a'>, VariantProps<typeof buttonStyle> {}

export const ButtonLink = ({ variant, size, className, ...rest }: ButtonLinkProps) => (
  <a {...rest} className={cn(buttonStyle({ variant, size }), className)} />
)
