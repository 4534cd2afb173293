/* The view that denoises pictures, and what other parts of the page call of it: loaded when it is first needed. */
export { pressKey, takeFiles } from "./denoise/actions.ts";
export { DenoiseView } from "./denoise/denoise-view.tsx";
