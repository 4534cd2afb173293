/** Why this browser cannot train, as one sentence; undefined if it may be able to. The Worker finds out the rest. */
export function missingSupport(): string | undefined {
  if (!window.isSecureContext) {
    return "Browsers offer WebGPU only to pages from https or localhost, and this page came over plain http.";
  }
  if (!navigator.gpu) return "This browser does not offer WebGPU, which unsnow computes with.";
  return undefined;
}
