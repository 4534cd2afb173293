/** The kernels' WebAssembly module: see vite/wasm-kernels.ts. */
declare module "*/wasm/index.ts?simd" {
  const bytes: Uint8Array<ArrayBuffer>;
  export default bytes;
}
