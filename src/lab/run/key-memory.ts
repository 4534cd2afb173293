const storageKey = "unsnow keys";

/** Whether a key alone does something on the page, as this browser remembers it; so it is at first. */
export function rememberedKeysOn(): boolean {
  try {
    return localStorage.getItem(storageKey) !== "off";
  } catch {
    // Storage is forbidden here.
    return true;
  }
}

/** Remembers it for another visit, where something can be stored. */
export function rememberKeysOn(on: boolean): void {
  try {
    localStorage.setItem(storageKey, on ? "on" : "off");
  } catch {
    // Storage is full or forbidden.
  }
}
