/** The part of Trusted Types (w3.org/TR/trusted-types) that is used here; TypeScript's DOM types do not have it. */
interface TrustedTypes {
  createPolicy(name: string, rules: { createScriptURL(address: string): string }): unknown;
}

/**
 * Allows Workers only from addresses of the page's own origin, in browsers with Trusted Types, in the page and in its Workers.
 * There is no rule for HTML and scripts, so under the built page's policy no text can become either.
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
