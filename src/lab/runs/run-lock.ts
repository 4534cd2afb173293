/** Attempts to take a lock that another tab may soon release, for example when it is reloaded, and milliseconds between them. */
const tries = { count: 10, pause: 100 } as const;

/** The part of the Web Locks API that is used (w3.org/TR/web-locks). */
export type Locks = Pick<LockManager, "request" | "query">;

/** The lock of a run: only this tab saves the run until the lock is released. */
export interface RunLock {
  release(): void;
}

const prefix = "unsnow run ";

/** Takes the lock of a run; undefined if another tab holds it. In a browser without locks every tab gets one. */
export async function lockRun(id: string, locks = browserLocks()): Promise<RunLock | undefined> {
  if (!locks) return { release: () => {} };
  for (let attempt = 1; ; attempt++) {
    const lock = await takeIfFree(locks, prefix + id);
    if (lock || attempt === tries.count) return lock;
    await new Promise((resolve) => setTimeout(resolve, tries.pause));
  }
}

/** The runs whose locks any tab holds now. */
export async function lockedRuns(locks = browserLocks()): Promise<Set<string>> {
  const { held = [] } = (await locks?.query()) ?? {};
  return new Set(held.flatMap(({ name }) => (name?.startsWith(prefix) ? [name.slice(prefix.length)] : [])));
}

/** Resolves when no tab holds the run's lock. */
export async function whenRunIsFree(id: string, locks = browserLocks()): Promise<void> {
  await locks?.request(prefix + id, { mode: "shared" }, () => {});
}

function takeIfFree(locks: Locks, name: string): Promise<RunLock | undefined> {
  return new Promise((resolve, reject) => {
    const held = locks.request(name, { ifAvailable: true }, (lock) => {
      if (!lock) return resolve(undefined);
      return new Promise<void>((release) => resolve({ release }));
    });
    held.catch(reject);
  });
}

/** The browser's locks, which are available only in pages from https or localhost. */
function browserLocks(): Locks | undefined {
  const { navigator } = globalThis as { readonly navigator?: { readonly locks?: LockManager } };
  return navigator?.locks;
}
