/** A shader's text; see vite/shaders.ts. */
declare module "*.wgsl" {
  const code: string;
  export default code;
}
