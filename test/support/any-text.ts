import fc from "fast-check";

/**
 * Any code point, half of them from the first 256, which include control characters and punctuation. Like "binary" of
 * fast-check, which first takes seconds to list all code points.
 */
const anyCharacter = fc
  .oneof(fc.integer({ min: 0, max: 0xff }), fc.integer({ min: 0, max: 0x10ffff - 0x800 }))
  // Skips surrogates, which are not valid characters on their own.
  .map((place) => String.fromCodePoint(place < 0xd800 ? place : place + 0x800));

/** Text of any characters. */
export const anyText = (maxLength?: number): fc.Arbitrary<string> =>
  fc.string({ unit: anyCharacter, ...(maxLength !== undefined && { maxLength }) });
