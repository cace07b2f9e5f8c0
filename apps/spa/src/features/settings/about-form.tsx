/** What others read of a person and of their AI. */
import { AI_NAME_CHARS, BIO_CHARS, type OwnProfileView } from '@matrixos/shared'
import { type FormEvent, useState } from 'react'
import { toast } from 'sonner'
import { trpc } from '../../lib/trpc.ts'
import { Button } from '../../ui/button.tsx'
import { Field } from '../../ui/field.tsx'
import { TextArea } from '../../ui/text-area.tsx'
import { Problem } from '../connection/problem.tsx'

const length = (text: string) => [...text.trim()].length

export function AboutForm({ profile }: { profile: OwnProfileView }) {
  const [bio, setBio] = useState(profile.bio)
  const [aiName, setAiName] = useState(profile.aiName)
  const [aiBio, setAiBio] = useState(profile.aiBio)
  const utils = trpc.useUtils()
  const edit = trpc.social.editProfile.useMutation({
    async onSuccess(changed) {
      utils.social.ownProfile.setData(undefined, changed)
      setBio(changed.bio)
      setAiName(changed.aiName)
      setAiBio(changed.aiBio)
      toast.success('Profile saved.')
      await utils.social.profile.invalidate()
    },
  })
  const isChanged = bio !== profile.bio || aiName !== profile.aiName || aiBio !== profile.aiBio
  const isTooLong = length(bio) > BIO_CHARS || length(aiBio) > BIO_CHARS || length(aiName) > AI_NAME_CHARS

  function submit(event: FormEvent) {
    event.preventDefault()
    if (isChanged && !isTooLong && !edit.isPending) edit.mutate({ bio, aiName, aiBio })
  }

  return (
    <form noValidate onSubmit={submit} className="grid max-w-md gap-5">
      <TextArea
        label="About you"
        value={bio}
        onChange={(event) => setBio(event.target.value)}
        hint={`${length(bio)} of ${BIO_CHARS} characters`}
      />
      <Field
        label="Your AI’s name"
        value={aiName}
        onChange={(event) => setAiName(event.target.value)}
        error={length(aiName) > AI_NAME_CHARS ? `Use at most ${AI_NAME_CHARS} characters.` : undefined}
      />
      <TextArea
        label="About your AI"
        value={aiBio}
        onChange={(event) => setAiBio(event.target.value)}
        hint={`What it is good at. ${length(aiBio)} of ${BIO_CHARS} characters`}
      />
      <Problem error={edit.error} />
      <div>
        <Button type="submit" unavailable={!isChanged || isTooLong} pending={edit.isPending}>
          Save profile
        </Button>
      </div>
    </form>
  )
}
