/** The frame of each step of signing up. */
import { Link } from '@tanstack/react-router'
import { site } from '../../lib/hosts.ts'
import { AuthShell, type AuthShellProps } from './auth-shell.tsx'

export const SignUpShell = (props: Omit<AuthShellProps, 'footer'>) => (
  <AuthShell
    {...props}
    // Nobody has an account on a computer that is to be claimed.
    footer={!site().isSingle && <SignInInstead />}
  />
)

const SignInInstead = () => (
  <>
    Already have an account?{' '}
    <Link to="/login" className="font-medium text-accent underline-offset-4 hover:underline">
      Sign in
    </Link>
  </>
)
