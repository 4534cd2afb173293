import { mostThreads } from "../../device/device.ts";
import { type Family, families } from "../../kernels/family.ts";
import { readChoices } from "../../training/family-memory.ts";
import type { Backend } from "../protocol.ts";

const backends: readonly Backend[] = ["gpu", "cpu"];

/** The backend that `?backend=` in the address requests; undefined for a real GPU if there is one, otherwise the CPU. */
export function wantedBackend(address: URLSearchParams): Backend | undefined {
  return backends.find((backend) => backend === address.get("backend"));
}

/** The number of threads that `?threads=` in the address requests, if the CPU computes; undefined for one per core. */
export function wantedThreads(address: URLSearchParams): number | undefined {
  const text = address.get("threads") ?? "";
  const threads = /^\d+$/.test(text) ? Number(text) : 0;
  return threads >= 1 && threads <= mostThreads ? threads : undefined;
}

/** The parameters before the # in the address whose values cannot be used, as [name, value]. */
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

/** An address that requests a backend, or none; the rest of it does not change. */
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

/** The family of kernels that `?kernels=` in the address requests; undefined for an unknown one. */
export function wantedKernels(address: URLSearchParams): Family | undefined {
  return families.find((family) => family === address.get("kernels"));
}

/** The families of kernels that were found fastest in this browser, by adapter, network and batch. */
export function rememberedKernels(): Readonly<Record<string, string>> {
  try {
    return readChoices(localStorage.getItem(kernelsKey));
  } catch {
    // Storage is not allowed here.
    return {};
  }
}

/** Stores one more. If nothing can be stored, it is measured again on the next visit. */
export function rememberKernels(key: string, family: Family): void {
  try {
    localStorage.setItem(kernelsKey, JSON.stringify({ ...rememberedKernels(), [key]: family }));
  } catch {
    // Storage is full or not allowed.
  }
}

const keysKey = "unsnow keys";

/** Whether shortcuts of a single key are on, as stored in this browser; they are on by default. */
export function rememberedKeysOn(): boolean {
  try {
    return localStorage.getItem(keysKey) !== "off";
  } catch {
    // Storage is not allowed here.
    return true;
  }
}

/** Stores it for later visits, if something can be stored. */
export function rememberKeysOn(on: boolean): void {
  try {
    localStorage.setItem(keysKey, on ? "on" : "off");
  } catch {
    // Storage is full or not allowed.
  }
}
