import { type Family, families } from "../../kernels/family.ts";

import { readChoices } from "../../training/family-memory.ts";

const storageKey = "unsnow kernels";

/** The way of computing products that `?kernels=` in the address asks for; undefined if it asks for none that there is. */
export function wantedKernels(address: URLSearchParams): Family | undefined {
  return families.find((family) => family === address.get("kernels"));
}

/** The ways of computing products that proved fastest in this browser, by adapter, network and batch. */
export function rememberedKernels(): Readonly<Record<string, string>> {
  try {
    return readChoices(localStorage.getItem(storageKey));
  } catch {
    // Storage is forbidden here.
    return {};
  }
}

/** Remembers one more. Where nothing can be stored, it is measured again another time. */
export function rememberKernels(key: string, family: Family): void {
  try {
    localStorage.setItem(storageKey, JSON.stringify({ ...rememberedKernels(), [key]: family }));
  } catch {
    // Storage is full or forbidden.
  }
}
