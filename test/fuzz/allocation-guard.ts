import { getHeapStatistics } from "node:v8";

/** The constructors of typed arrays and buffers. */
const names = [
  ...["ArrayBuffer", "Uint8Array", "Uint8ClampedArray", "Uint16Array", "Uint32Array"],
  ...["Int8Array", "Int16Array", "Int32Array", "Float32Array", "Float64Array"],
] as const;

/** The memory that a piece of work used, in bytes. */
export interface Taken {
  /** Requested by `new` or `from` of a typed array or a buffer; the sum of all requests, including freed memory. */
  readonly asked: number;
  /** The growth of the heap and of the external memory that it holds. */
  readonly grown: number;
}

/**
 * Does work and reports its memory. Typed arrays are counted when they are requested, because zeros that are never accessed do
 * not show up in a process's memory, and memory that was freed during the work does not either.
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

/** The number of elements that a constructor's first argument requests; 0 if it is a buffer to view. */
function elementsOf(argument: unknown): number {
  if (typeof argument === "number") return argument;
  if (typeof argument !== "object" || argument === null || !("length" in argument)) return 0;
  return Number(argument.length);
}
