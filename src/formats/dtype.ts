// The functions for DataView: the class Float16Array would be 6 kB of every page.
import { getFloat16, setFloat16 } from "@petamoriken/float16";

/** The dtypes of tensors in files: IEEE 754 single and half precision, and bfloat16, the upper half of a single. */
export const dtypeNames = ["F32", "F16", "BF16"] as const;
export type DtypeName = (typeof dtypeNames)[number];

/** The dtypes that files are written with. */
export const writtenDtypeNames = ["F32", "F16"] as const;
export type WrittenDtypeName = (typeof writtenDtypeNames)[number];

/** Bytes of an element. */
export const dtypeBytes: { readonly [dtype in DtypeName]: number } = { F32: 4, F16: 2, BF16: 2 };

/** Every number of half precision, by its bits. The library takes 0.5 us per number, most of a second for a model. */
let halves: Float32Array<ArrayBuffer> | undefined;

// Every platform with WebGPU is little-endian, as safetensors files are.
const decoders: { readonly [dtype in DtypeName]: (elements: ArrayBuffer) => Float32Array<ArrayBuffer> } = {
  F32: (elements) => new Float32Array(elements),
  F16: (elements) => {
    halves ??= everyHalf();
    const bits = new Uint16Array(elements);
    const values = new Float32Array(bits.length);
    for (let index = 0; index < values.length; index++) values[index] = halves[bits[index] ?? 0] ?? 0;
    return values;
  },
  BF16: (elements) =>
    new Float32Array(Uint32Array.from(new Uint16Array(elements), (upper) => upper << 16).buffer),
};

const encoders: { readonly [dtype in WrittenDtypeName]: (values: Float32Array) => ArrayBufferView } = {
  F32: (values) => values,
  F16: (values) => {
    const view = new DataView(new ArrayBuffer(2 * values.length));
    for (const [index, value] of values.entries()) setFloat16(view, 2 * index, value, true);
    return view;
  },
};

/** The numbers of half precision by their bits. */
function everyHalf(): Float32Array<ArrayBuffer> {
  const view = new DataView(new ArrayBuffer(2));
  return Float32Array.from({ length: 2 ** 16 }, (_, bits) => {
    view.setUint16(0, bits);
    return getFloat16(view, 0);
  });
}

/** Decodes numbers from bytes, exactly. */
export function decodeElements(bytes: Uint8Array, dtype: DtypeName): Float32Array<ArrayBuffer> {
  // A copy, because elements must be aligned to their size.
  return decoders[dtype](new Uint8Array(bytes).buffer);
}

/** Encodes numbers as bytes, rounded to nearest, ties to even; values beyond the dtype's largest become infinite. */
export function encodeElements(values: Float32Array, dtype: WrittenDtypeName): Uint8Array {
  const { buffer, byteOffset, byteLength } = encoders[dtype](values);
  return new Uint8Array(buffer, byteOffset, byteLength);
}
