/** What trains and denoises. */
const backends = ["gpu", "cpu"] as const;
export type Backend = (typeof backends)[number];

/** What `?backend=` in the address asks for; undefined for the GPU where there is one. */
export function wantedBackend(address: URLSearchParams): Backend | undefined {
  return backends.find((backend) => backend === address.get("backend"));
}

/** An address that asks for a backend, or for none; all else in it stays. */
export function addressWith(address: string, backend: Backend | undefined): string {
  const url = new URL(address);
  if (backend === undefined) url.searchParams.delete("backend");
  else url.searchParams.set("backend", backend);
  return url.href;
}
