import fc from "fast-check";

/**
 * Any code point, half of them from the first 256, where control characters and punctuation lie. As fast-check's "binary", which
 * takes seconds to list all code points first.
 */
const anyCharacter = fc
  .oneof(fc.integer({ min: 0, max: 0xff }), fc.integer({ min: 0, max: 0x10ffff - 0x800 }))
  // Surrogates, alone, are no code points.
  .map((place) => String.fromCodePoint(place < 0xd800 ? place : place + 0x800));

/** Text of any characters. */
export const anyText = (maxLength?: number): fc.Arbitrary<string> =>
  fc.string({ unit: anyCharacter, ...(maxLength !== undefined && { maxLength }) });
