import type { Locks } from "../../../src/lab/runs/checkpoint-storage.ts";

/** The part of the Web Locks API that the page uses: exclusive locks, taken only if free, and shared ones that wait. */
export function fakeLocks(): Locks {
  const held = new Map<string, Promise<unknown>>();
  const request = async (name: string, options: LockOptions, callback: LockGrantedCallback<unknown>) => {
    if (held.has(name) && options.ifAvailable) return callback(null);
    while (held.has(name)) await held.get(name);
    const work = Promise.resolve(callback({ name, mode: options.mode ?? "exclusive" }));
    held.set(name, work);
    try {
      return await work;
    } finally {
      held.delete(name);
    }
  };
  return {
    request: request as Locks["request"],
    query: async () => ({ held: [...held.keys()].map((name) => ({ name })), pending: [] }),
  };
}
