import type { Family } from "../kernels/family.ts";

/** Parses stored choices; unreadable ones are omitted. */
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

/** Storage for choices between runs: a file, or a browser's storage. A choice that cannot be stored is made again. */
export interface FamilyMemory {
  recall(key: string): Promise<string | undefined>;
  remember(key: string, family: Family): Promise<void>;
}
