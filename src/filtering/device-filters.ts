import type { Plane } from "../data/plane.ts";
import { Buffers } from "../device/buffers.ts";
import type { Device, Dispatch } from "../device/device.ts";
import { readBack } from "../device/read-back.ts";
import { type ApplyFilter, applyOnCpu } from "../filters/apply-filter.ts";
import type { FilterName } from "../filters/filter.ts";
import { planeFilterUniform } from "../kernels/filters.ts";
import { type FilterPass, filterPasses } from "./filter-passes.ts";

/** Pixels on the device at a time, unless a single plane has more. */
const mostPixels = 2 ** 22;

/** Pixels per dispatch: few enough that even a slow GPU finishes long before its watchdog triggers. */
const dispatchPixels = 2 ** 18;

/** Planes of the same shape, and their positions in the result. */
interface Alike {
  readonly rows: number;
  readonly columns: number;
  readonly planes: { readonly index: number; readonly values: Float32Array }[];
}

/** Whether a filter has kernels. */
export function runsOnDevice(filter: FilterName): boolean {
  return filterPasses[filter] !== undefined;
}

/**
 * Filters planes on a device; filters without kernels run on the CPU. The kernels compute in float32, the filters in
 * float64. Rejects with a DeviceError or an InputError when a plane does not fit or the device is lost.
 */
export function applyOnDevice(device: Device): ApplyFilter {
  return async (filter, planes, strength) => {
    const passesOf = filterPasses[filter];
    if (!passesOf || strength === 0) return applyOnCpu(filter, planes, strength);
    const filtered: Plane[] = [...planes];
    for (const alike of batches(planes)) {
      const { rows, columns } = alike;
      const values = await filterAlike(device, alike, passesOf(strength));
      alike.planes.forEach(({ index }, place) => {
        const pixels = rows * columns;
        filtered[index] = { rows, columns, values: values.slice(place * pixels, (place + 1) * pixels) };
      });
    }
    return filtered;
  };
}

/** The planes grouped by shape, in batches that fit the device. */
function batches(planes: readonly Plane[]): Alike[] {
  const done: Alike[] = [];
  const open = new Map<string, Alike>();
  planes.forEach(({ rows, columns, values }, index) => {
    const shape = `${rows} x ${columns}`;
    let alike = open.get(shape);
    if (!alike || (alike.planes.length + 1) * rows * columns > mostPixels) {
      alike = { rows, columns, planes: [] };
      open.set(shape, alike);
      done.push(alike);
    }
    alike.planes.push({ index, values });
  });
  return done;
}

/** The filtered planes, concatenated. */
async function filterAlike(
  device: Device,
  { rows, columns, planes }: Alike,
  passes: readonly FilterPass[],
): Promise<Float32Array<ArrayBuffer>> {
  const pixels = rows * columns;
  const values = new Float32Array(planes.length * pixels);
  planes.forEach((plane, place) => {
    values.set(plane.values, place * pixels);
  });
  const pipelines = await Promise.all(
    passes.map(({ kernel, constants }) => device.pipeline(kernel, constants)),
  );
  const buffers = new Buffers(device);
  try {
    const { dispatches, result } = await device.build("the filter", () => {
      let noisy = buffers.storageOf("noisy", values);
      const dispatches: Dispatch[] = [];
      for (const [index, { radius, falloff = 0, setting = 0 }] of passes.entries()) {
        const pipeline = pipelines[index];
        if (!pipeline) continue;
        const denoised = buffers.storage("denoised", values.byteLength);
        const lines = planes.length * rows;
        const portion = Math.max(1, Math.floor(dispatchPixels / columns));
        for (let first = 0; first < lines; first += portion) {
          const end = Math.min(first + portion, lines);
          const uniform = planeFilterUniform({ rows, columns, first, end, radius, falloff, setting });
          const resources = { planes: buffers.uniformOf("planes", uniform), noisy, denoised };
          dispatches.push(pipeline.bind(resources, [columns, end - first]));
        }
        noisy = denoised;
      }
      return { dispatches, result: noisy };
    });
    for (const dispatch of dispatches) device.submit([dispatch]);
    const [bytes] = await readBack(device, [{ buffer: result, bytes: values.byteLength }]);
    return new Float32Array(bytes);
  } finally {
    buffers.destroy();
  }
}
