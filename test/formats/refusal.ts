import { expect } from "vitest";
import { InputError } from "../../src/spec/input-error.ts";

/** The one sentence, with the file's name in it, by which a file is refused as it is read. */
export function refusalOf(read: () => unknown, name: string): string {
  try {
    read();
  } catch (error) {
    expect(error).toBeInstanceOf(InputError);
    const { message } = error as InputError;
    expect(message).toContain(name);
    expect(message).toMatch(/^[^\n]*\.$/);
    return message;
  }
  throw new Error("The file was not refused.");
}
