/** `app.DOMAIN/`: the signed-in person's own place, or the way to sign in. */
import { SignedIn } from '../features/auth/signed-in.tsx'
import { Workspace } from '../features/dashboard/workspace.tsx'

export const Home = () => <SignedIn>{(user) => <Workspace user={user} />}</SignedIn>
