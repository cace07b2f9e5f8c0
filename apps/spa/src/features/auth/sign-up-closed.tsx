/** Instead of the form while nobody can sign up. */
import { ButtonLink } from '../../ui/button.tsx'
import { Notice } from '../../ui/notice.tsx'
import { SignUpShell } from './sign-up-shell.tsx'

export const SignUpClosed = () => (
  <SignUpShell title="Sign-up is closed" lead="New accounts cannot be created here at the moment.">
    <Notice>If you already have a computer here, nothing has changed: sign in as usual.</Notice>
    <ButtonLink href="/login" size="lg" className="mt-5 w-full">
      Sign in
    </ButtonLink>
  </SignUpShell>
)
