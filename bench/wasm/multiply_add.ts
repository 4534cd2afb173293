// The throughput of the processor with vectors of four: multiply-adds in registers, 12 independent chains. Twin:
// bench/native/multiply_add.wgsl. bench/native/measure-cpu.ts compiles this file with AssemblyScript.
import { multiplyAdd } from "../../wasm/lib/product";

/** Multiply-adds of a round: 12 vectors of 4 numbers. */
export function multiply_add(rounds: i32): f32 {
  const a = f32x4.splat(0.999999);
  const b = f32x4.splat(1e-7);
  let c0 = b, c1 = b, c2 = b, c3 = b, c4 = b, c5 = b, c6 = b, c7 = b, c8 = b, c9 = b, c10 = b, c11 = b;
  for (let round = 0; round < rounds; round++) {
    c0 = multiplyAdd(c0, a, b);
    c1 = multiplyAdd(c1, a, b);
    c2 = multiplyAdd(c2, a, b);
    c3 = multiplyAdd(c3, a, b);
    c4 = multiplyAdd(c4, a, b);
    c5 = multiplyAdd(c5, a, b);
    c6 = multiplyAdd(c6, a, b);
    c7 = multiplyAdd(c7, a, b);
    c8 = multiplyAdd(c8, a, b);
    c9 = multiplyAdd(c9, a, b);
    c10 = multiplyAdd(c10, a, b);
    c11 = multiplyAdd(c11, a, b);
  }
  // Prevents the compiler from removing any of the chains.
  const sum = f32x4.add(f32x4.add(f32x4.add(c0, c1), f32x4.add(c2, c3)), f32x4.add(f32x4.add(c4, c5), f32x4.add(c6, c7)));
  return f32x4.extract_lane(f32x4.add(sum, f32x4.add(f32x4.add(c8, c9), f32x4.add(c10, c11))), 0);
}
