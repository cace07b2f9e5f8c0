/** An error of the proxy, as its client reads it. */
export const told = async (response: Response) => {
  const { type, error, request_id } = (await response.json()) as Record<string, Record<string, string>>
  return { status: response.status, type, kind: error?.type, message: error?.message, id: request_id }
}
