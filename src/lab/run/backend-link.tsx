import type { ComponentChildren } from "preact";
import { addressWith, type Backend } from "./backend.ts";

interface BackendLinkProps {
  /** What is to compute; undefined for the GPU where there is one. */
  readonly backend: Backend | undefined;
  readonly children: ComponentChildren;
}

/** Loads the page again, at the address as it is then but for what is to compute. */
export function BackendLink({ backend, children }: BackendLinkProps) {
  const address = () => addressWith(window.location.href, backend);
  return (
    <a
      class="backend-link"
      href={address()}
      onClick={({ currentTarget }) => {
        currentTarget.href = address();
      }}
    >
      {children}
    </a>
  );
}
