import { getHeapStatistics } from "node:v8";

/** The typed arrays and buffers that code asks for by name. */
const names = [
  ...["ArrayBuffer", "Uint8Array", "Uint8ClampedArray", "Uint16Array", "Uint32Array"],
  ...["Int8Array", "Int16Array", "Int32Array", "Float32Array", "Float64Array"],
] as const;

/** What a piece of work took, in bytes. */
export interface Taken {
  /** Asked for by `new` or `from` of a typed array or a buffer, all of it added up, whatever became of it. */
  readonly asked: number;
  /** By how much the heap and what it holds outside of it grew. */
  readonly grown: number;
}

/**
 * Does work and tells what memory it took. Typed arrays are counted as they are asked for, since zeros that nobody touches never
 * show up in a process's memory, and what was collected meanwhile no longer does.
 */
export async function measured<T>(
  work: () => T,
): Promise<{ readonly result: Awaited<T>; readonly taken: Taken }> {
  const guard = new AllocationGuard();
  const before = heldBytes();
  try {
    const result = await work();
    return { result, taken: { asked: guard.asked, grown: heldBytes() - before } };
  } finally {
    guard.stop();
  }
}

function heldBytes(): number {
  const { used_heap_size, external_memory } = getHeapStatistics();
  return used_heap_size + external_memory;
}

type Constructor = new (...args: unknown[]) => object;

class AllocationGuard {
  asked = 0;
  readonly #originals = new Map<string, Constructor>();

  constructor() {
    for (const name of names) {
      const original = Reflect.get(globalThis, name) as Constructor & { readonly BYTES_PER_ELEMENT?: number };
      const unit = original.BYTES_PER_ELEMENT ?? 1;
      this.#originals.set(name, original);
      const counted: Constructor = new Proxy(original, {
        construct: (target, args, created) => {
          this.asked += unit * elementsOf(args[0]);
          return Reflect.construct(target, args, created === counted ? target : created) as object;
        },
      });
      Reflect.set(globalThis, name, counted);
    }
  }

  stop(): void {
    for (const [name, original] of this.#originals) Reflect.set(globalThis, name, original);
  }
}

/** How many elements a constructor's first argument asks for; none where it is a buffer to look at. */
function elementsOf(argument: unknown): number {
  if (typeof argument === "number") return argument;
  if (typeof argument !== "object" || argument === null || !("length" in argument)) return 0;
  return Number(argument.length);
}
