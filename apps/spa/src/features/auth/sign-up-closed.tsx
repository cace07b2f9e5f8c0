/** Instead of the form while nobody can sign up. */
import { site } from '../../lib/hosts.ts'
import { ButtonLink } from '../../ui/button.tsx'
import { Notice } from '../../ui/notice.tsx'
import { SignUpShell } from './sign-up-shell.tsx'
import { signUpWords } from './sign-up-words.ts'

export function SignUpClosed() {
  const { title, lead, note } = signUpWords(site()).closed
  return (
    <SignUpShell title={title} lead={lead}>
      <Notice>{note}</Notice>
      <ButtonLink href="/login" size="lg" className="mt-5 w-full">
        Sign in
      </ButtonLink>
    </SignUpShell>
  )
}
