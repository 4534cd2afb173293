import type { AdapterSummary } from "../device/adapter.ts";

const softwareNames = /swiftshader|llvmpipe|lavapipe|softpipe|basic render|warp/i;

/** The name of an adapter from its info; browsers may leave any of the fields empty. */
export function summarize({ info }: Pick<GPUAdapter, "info">): AdapterSummary {
  const kind = [info.vendor, info.architecture].filter(Boolean).join(" ");
  const device = info.description || info.device;
  const name = device && kind ? `${device} (${kind})` : device || kind || "unnamed adapter";
  return { name, software: info.isFallbackAdapter || softwareNames.test(`${name} ${info.device}`) };
}
