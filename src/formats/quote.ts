const longest = 80;

/** A value from a file as it is shown in a message: JSON, cut when it is long. */
export function quote(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length <= longest ? text : `${text.slice(0, longest)}...`;
}
