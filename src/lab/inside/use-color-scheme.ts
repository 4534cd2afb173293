import { useSignal } from "@preact/signals";
import { useLayoutEffect } from "preact/hooks";

/** Whether the page is dark; drawn again when that changes. */
export function useDark(): boolean {
  const query = "(prefers-color-scheme: dark)";
  const dark = useSignal(window.matchMedia(query).matches);
  useLayoutEffect(() => {
    const list = window.matchMedia(query);
    const follow = () => {
      dark.value = list.matches;
    };
    list.addEventListener("change", follow);
    return () => list.removeEventListener("change", follow);
  }, []);
  return dark.value;
}
