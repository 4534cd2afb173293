/** The kernels' WebAssembly module: see vite/wasm-kernels.ts. */
declare module "*/wasm/index.ts?simd" {
  const bytes: Uint8Array<ArrayBuffer>;
  export default bytes;
}
declare module "*/wasm/index.ts?simd-shared" {
  const bytes: Uint8Array<ArrayBuffer>;
  export default bytes;
}
declare module "*/wasm/index.ts?relaxed" {
  const bytes: Uint8Array<ArrayBuffer>;
  export default bytes;
}
declare module "*/wasm/index.ts?relaxed-shared" {
  const bytes: Uint8Array<ArrayBuffer>;
  export default bytes;
}
/** The address of a thread's script: see vite/node-thread.ts. */
declare module "*?thread" {
  const address: string;
  export default address;
}
