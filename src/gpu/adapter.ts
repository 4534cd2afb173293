/** What is known of the adapter that computes. */
export interface AdapterSummary {
  /** For people, and for the files that record what was measured where: "SwiftShader driver 5.0.0 (google swiftshader)". */
  readonly name: string;
  /** Whether a processor pretends to be a GPU. */
  readonly software: boolean;
}

const softwareNames = /swiftshader|llvmpipe|lavapipe|softpipe|basic render|warp/i;

/** The name of an adapter from its info; browsers may leave any of the fields empty. */
export function summarize({ info }: Pick<GPUAdapter, "info">): AdapterSummary {
  const kind = [info.vendor, info.architecture].filter(Boolean).join(" ");
  const device = info.description || info.device;
  const name = device && kind ? `${device} (${kind})` : device || kind || "unnamed adapter";
  return { name, software: info.isFallbackAdapter || softwareNames.test(`${name} ${info.device}`) };
}
