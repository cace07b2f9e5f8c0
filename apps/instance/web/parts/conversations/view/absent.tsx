/** In place of messages: nobody has answered yet, the accounts are being made, or there is no homeserver. */
import type { MessagesState } from '../model/view.ts'

export const Absent = ({ view: { state, trouble } }: { view: MessagesState }) => (
  <div className="messages" data-at="absent">
    <div className="nothing" role="status">
      {state === 'loading' && <p>{trouble ?? 'Opening …'}</p>}
      {state === 'pending' && (
        <>
          <h3>Almost there</h3>
          <p>{trouble ?? 'Your account and your AI’s are being made. Messages appear here by themselves.'}</p>
        </>
      )}
      {state === 'off' && (
        <>
          <h3>Messages are not available here</h3>
          <p>
            This platform has no Matrix homeserver, so people and their AIs cannot message each other.
            Everything else works without one.
          </p>
        </>
      )}
    </div>
  </div>
)
