import { Buffers } from "../../src/device/buffers.ts";
import type { Device, DeviceBuffer } from "../../src/device/device.ts";
import type { AnyBindings, Constants, Kernel } from "../../src/device/kernel.ts";
import { readBack } from "../../src/device/read-back.ts";

/** The expected contents of a buffer, element by element, and the tolerance: |got - want| <= atol + rtol |want|. */
export interface Expected {
  readonly values: ArrayLike<number>;
  readonly atol: number;
  readonly rtol: number;
  /**
   * At most this share of the elements may differ by up to this: counts that rounding increases or decreases by one.
   */
  readonly rare?: { readonly share: number; readonly atol: number };
}

/** One launch of a kernel on given buffers, and their contents afterwards according to its float64 reference. */
export interface KernelCase<B extends AnyBindings = AnyBindings> {
  readonly name: string;
  readonly kernel: Kernel<B>;
  readonly constants?: Constants;
  readonly buffers: { readonly [K in keyof B]: Float32Array<ArrayBuffer> | Uint32Array<ArrayBuffer> };
  readonly invocations: number | readonly [number, number];
  /** Buffers that are not listed must not change. */
  readonly expected: { readonly [K in keyof B]?: Expected };
}

/** Each kind of error once, or every variant in every family and shape. */
export type Selection = "short" | "all";

/** A case without the type of its bindings, for the table. */
export function kernelCase<B extends AnyBindings>(kernelCase: KernelCase<B>): KernelCase {
  return kernelCase as unknown as KernelCase;
}

/** Runs a case on a device; returns its errors, one sentence per buffer, or an empty list. */
export async function runCase(
  device: Device,
  { kernel, constants, buffers, invocations, expected }: KernelCase,
): Promise<string[]> {
  const owner = new Buffers(device);
  try {
    const pipeline = await device.pipeline(kernel, constants);
    const resources = await device.build(kernel.name, () =>
      Object.fromEntries(
        Object.entries(kernel.bindings).map(([name, access]) => {
          const data = buffers[name] ?? new Float32Array();
          return [name, access === "uniform" ? owner.uniformOf(name, data) : owner.storageOf(name, data)];
        }),
      ),
    );
    device.submit([await device.build(kernel.name, () => pipeline.bind(resources, invocations))]);
    const stored = Object.entries(kernel.bindings)
      .filter(([, access]) => access !== "uniform")
      .map(([name]) => ({ name, data: buffers[name] ?? new Float32Array() }));
    const regions = stored.map(({ name, data }) => ({
      buffer: resources[name] as DeviceBuffer,
      bytes: data.byteLength,
    }));
    const results = await readBack(device, regions);
    return stored.flatMap(({ name, data }, index) => {
      const bytes = results[index] ?? new ArrayBuffer(0);
      const got = data instanceof Uint32Array ? new Uint32Array(bytes) : new Float32Array(bytes);
      return compare(name, got, expected[name] ?? { values: data, atol: 0, rtol: 0 });
    });
  } finally {
    owner.destroy();
  }
}

/** Names the element with the largest error, and the number of elements out of tolerance. */
export function compare(
  name: string,
  got: ArrayLike<number>,
  { values, atol, rtol, rare }: Expected,
): string[] {
  if (got.length !== values.length) return [`${name} has ${got.length} elements, expected ${values.length}`];
  let wrong = 0;
  let left = rare ? Math.floor(rare.share * values.length) : 0;
  let worst = { index: -1, excess: 0 };
  for (let index = 0; index < values.length; index++) {
    const want = values[index] ?? Number.NaN;
    const have = got[index] ?? Number.NaN;
    const excess = Object.is(have, want) ? 0 : Math.abs(have - want) / (atol + rtol * Math.abs(want));
    if (excess <= 1) continue;
    if (rare && left > 0 && Math.abs(have - want) <= rare.atol) {
      left -= 1;
      continue;
    }
    wrong += 1;
    if (!(excess <= worst.excess)) worst = { index, excess };
  }
  if (wrong === 0) return [];
  const { index, excess } = worst;
  return [
    `${name}[${index}] is ${got[index]}, expected ${values[index]} (${excess.toPrecision(3)} times the tolerance; ${wrong} of ${values.length} elements are off)`,
  ];
}
