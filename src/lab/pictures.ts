/* The view that denoises pictures, and what other parts of the page call of it: loaded when it is first needed. */
export { takeFiles } from "./denoise/actions.ts";
export { DenoiseView } from "./denoise/denoise-view.tsx";
export { pressKey } from "./denoise/picture-keys.ts";
