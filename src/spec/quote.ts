/** The most characters of a value. */
const longest = 80;

/** What cannot be seen, breaks the line, or turns the direction of text. */
const invisible = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** A value from outside as it is shown in a message, in one line: JSON, cut when it is long. */
export function quote(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  // Truncate first, because a text from a file may be long; by characters, so that none is split.
  const characters = [...text.slice(0, 2 * longest + 2)];
  const shown = characters.slice(0, longest).join("").replace(invisible, escaped);
  return characters.length <= longest ? shown : `${shown}...`;
}

function escaped(character: string): string {
  const units = Array.from({ length: character.length }, (_, index) => character.charCodeAt(index));
  return units.map((unit) => `\\u${unit.toString(16).padStart(4, "0")}`).join("");
}
