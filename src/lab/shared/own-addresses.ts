/** The part of Trusted Types (w3.org/TR/trusted-types) that is used here; TypeScript's DOM has none of it. */
interface TrustedTypes {
  createPolicy(name: string, rules: { createScriptURL(address: string): string }): unknown;
}

/**
 * Says which addresses Workers may be loaded from, where the browser asks, in the page and in its Workers: the page's own origin's.
 * It gives no rule for HTML and for scripts, so that under the built page's policy no text ever becomes either.
 */
export function trustOwnAddresses(): void {
  const { trustedTypes, location } = globalThis as typeof globalThis & {
    readonly trustedTypes?: TrustedTypes;
  };
  trustedTypes?.createPolicy("default", {
    createScriptURL(address) {
      if (new URL(address, location.href).origin === location.origin) return address;
      throw new TypeError(`A script was to be loaded from ${address}, which is not where the page is from.`);
    },
  });
}
