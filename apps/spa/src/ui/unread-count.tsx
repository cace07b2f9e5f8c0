/** How much is unread, beside the name of a place; nothing where nothing is. */
export const UnreadCount = ({ count, what }: { count: number; what: string }) =>
  count > 0 ? (
    <span className="rounded-full bg-accent px-1.5 text-on-accent text-xs leading-5">
      {count}
      <span className="sr-only"> {what}</span>
    </span>
  ) : null
