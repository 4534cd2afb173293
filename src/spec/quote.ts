/** The most characters of a value. */
const longest = 80;

/** Characters that are invisible, break the line, or change the text direction. */
const invisible = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** Formats an external value for a message, in one line: JSON, truncated when it is long. */
export function quote(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  // Truncate first, because a text from a file may be long. Truncate by characters, so that none is split.
  const characters = [...text.slice(0, 2 * longest + 2)];
  const shown = characters.slice(0, longest).join("").replace(invisible, escaped);
  return characters.length <= longest ? shown : `${shown}...`;
}

function escaped(character: string): string {
  const units = Array.from({ length: character.length }, (_, index) => character.charCodeAt(index));
  return units.map((unit) => `\\u${unit.toString(16).padStart(4, "0")}`).join("");
}
