import { nextTask } from "../network/work-slices.ts";
import { open } from "./run/actions.ts";
import { followAddress } from "./settings/actions.ts";

// What computes takes longest to start, so it is asked for before the page is drawn.
trustOwnAddresses();
followAddress();
void open();
const { showPage } = await import("./show-page.tsx");
await nextTask();
showPage();

/** The part of Trusted Types (w3.org/TR/trusted-types) that is used here; TypeScript's DOM has none of it. */
interface TrustedTypes {
  createPolicy(name: string, rules: { createScriptURL(address: string): string }): unknown;
}

/**
 * Says which addresses Workers may be loaded from, where the browser asks: the page's own origin's. It gives no rule for HTML and
 * for scripts, so that under the built page's policy no text ever becomes either.
 */
function trustOwnAddresses(): void {
  const { trustedTypes } = globalThis as { readonly trustedTypes?: TrustedTypes };
  trustedTypes?.createPolicy("default", {
    createScriptURL(address) {
      if (new URL(address, document.baseURI).origin === window.location.origin) return address;
      throw new TypeError(`A script was to be loaded from ${address}, which is not where the page is from.`);
    },
  });
}
