/** A button of a toolbar: a picture with a name. */
import type { ComponentProps, ComponentType } from 'react'
import './tool.css'

export interface ToolProps extends ComponentProps<'button'> {
  label: string
  Icon: ComponentType
  /** Also for the eye, where there is room. */
  isWordy?: boolean
}

export const Tool = ({ label, Icon, isWordy = false, ...rest }: ToolProps) => (
  <button type="button" className="tool" aria-label={label} title={label} {...rest}>
    <Icon />
    {isWordy && <span>{label}</span>}
  </button>
)
