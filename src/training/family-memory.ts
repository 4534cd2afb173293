import type { Family } from "../kernels/family.ts";

/** The choices in what was kept of them as text: those that can be read. */
export function readChoices(kept: string | null | undefined): Readonly<Record<string, string>> {
  try {
    const found: unknown = JSON.parse(kept ?? "{}");
    return Object.fromEntries(
      Object.entries(found ?? {}).filter((entry): entry is [string, string] => typeof entry[1] === "string"),
    );
  } catch {
    return {};
  }
}

/** Where choices are kept from run to run: a file, a browser's storage. A choice that cannot be kept is made again. */
export interface FamilyMemory {
  recall(key: string): Promise<string | undefined>;
  remember(key: string, family: Family): Promise<void>;
}
