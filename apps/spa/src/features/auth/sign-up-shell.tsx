/** The frame of each step of signing up. */
import { Link } from '@tanstack/react-router'
import { AuthShell, type AuthShellProps } from './auth-shell.tsx'

export const SignUpShell = (props: Omit<AuthShellProps, 'footer'>) => (
  <AuthShell
    {...props}
    footer={
      <>
        Already have an account?{' '}
        <Link to="/login" className="font-medium text-accent underline-offset-4 hover:underline">
          Sign in
        </Link>
      </>
    }
  />
)
