import { expect } from "vitest";
import { InputError } from "../../src/spec/input-error.ts";

/** The sentence, with the file's name, with which a file is refused when it is read. */
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
