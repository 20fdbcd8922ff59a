/** A piece of a text with the words marked that were looked for. */
export function Snippet({ parts }: { parts: readonly { text: string; hit: boolean }[] }) {
  return parts.map((part, i) =>
    part.hit ? <mark key={i}>{part.text}</mark> : <span key={i}>{part.text}</span>,
  );
}
