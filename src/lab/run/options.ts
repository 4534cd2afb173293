import { mostThreads } from "../../device/device.ts";
import { type Family, families } from "../../kernels/family.ts";
import { readChoices } from "../../training/family-memory.ts";
import type { Backend } from "../protocol.ts";

const backends: readonly Backend[] = ["gpu", "cpu"];

/** What `?backend=` in the address asks for; undefined for a real GPU where there is one, else the CPU. */
export function wantedBackend(address: URLSearchParams): Backend | undefined {
  return backends.find((backend) => backend === address.get("backend"));
}

/** The threads that `?threads=` in the address asks for, where the CPU computes; undefined for one a core. */
export function wantedThreads(address: URLSearchParams): number | undefined {
  const text = address.get("threads") ?? "";
  const threads = /^\d+$/.test(text) ? Number(text) : 0;
  return threads >= 1 && threads <= mostThreads ? threads : undefined;
}

/** The parameters before the address's # that have a value that cannot be used, as [name, value]. */
export function unusableOptions(address: URLSearchParams): readonly (readonly [string, string])[] {
  const usable = {
    backend: wantedBackend(address) ?? (address.get("backend") === "auto" ? "auto" : undefined),
    threads: wantedThreads(address),
    kernels: wantedKernels(address),
  };
  return Object.entries(usable).flatMap(([name, value]) => {
    const text = address.get(name);
    return text !== null && value === undefined ? [[name, text] as const] : [];
  });
}

/** An address that asks for a backend, or for none; all else in it stays. */
export function addressWith(address: string, backend: Backend | undefined): string {
  const url = new URL(address);
  if (backend === undefined) url.searchParams.delete("backend");
  else url.searchParams.set("backend", backend);
  return url.href;
}

/** Whether `?profile` is in the address: every launch is then measured. */
export function isProfiling(): boolean {
  return new URLSearchParams(window.location.search).has("profile");
}

const kernelsKey = "unsnow kernels";

/** The way of computing products that `?kernels=` in the address asks for; undefined for an unknown one. */
export function wantedKernels(address: URLSearchParams): Family | undefined {
  return families.find((family) => family === address.get("kernels"));
}

/** The ways of computing products that proved fastest in this browser, by adapter, network and batch. */
export function rememberedKernels(): Readonly<Record<string, string>> {
  try {
    return readChoices(localStorage.getItem(kernelsKey));
  } catch {
    // Storage is forbidden here.
    return {};
  }
}

/** Remembers one more. Where nothing can be stored, it is measured again another time. */
export function rememberKernels(key: string, family: Family): void {
  try {
    localStorage.setItem(kernelsKey, JSON.stringify({ ...rememberedKernels(), [key]: family }));
  } catch {
    // Storage is full or forbidden.
  }
}

const keysKey = "unsnow keys";

/** Whether a key alone does something on the page, as this browser remembers it; so it is at first. */
export function rememberedKeysOn(): boolean {
  try {
    return localStorage.getItem(keysKey) !== "off";
  } catch {
    // Storage is forbidden here.
    return true;
  }
}

/** Remembers it for another visit, where something can be stored. */
export function rememberKeysOn(on: boolean): void {
  try {
    localStorage.setItem(keysKey, on ? "on" : "off");
  } catch {
    // Storage is full or forbidden.
  }
}
