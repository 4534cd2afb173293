import { useSignal } from "@preact/signals";
import { useLayoutEffect } from "preact/hooks";
import { formatCount } from "../shared/format.ts";
import { unitsPerPage } from "./actions.ts";

interface UnitPagerProps {
  readonly first: number;
  readonly units: number;
  /** Called with the first unit of the page to show. */
  readonly onTurn: (first: number) => void;
}

/** "Units 1 to 64 of 1,024", and buttons for other pages if there is more than one. */
export function UnitPager({ first, units, onTurn }: UnitPagerProps) {
  const end = Math.min(first + unitsPerPage, units);
  if (units <= unitsPerPage) return <p class="unit-pager">{units === 1 ? "1 unit" : `${units} units`}</p>;
  return (
    <div class="unit-pager">
      <Turn title="Units before these" sign="‹" to={first - unitsPerPage} off={first === 0} onTurn={onTurn} />
      <span>
        units {formatCount(first + 1)} to {formatCount(end)} of {formatCount(units)}
      </span>
      <Turn title="Units after these" sign="›" to={end} off={end >= units} onTurn={onTurn} />
    </div>
  );
}

interface TurnProps {
  readonly title: string;
  readonly sign: string;
  readonly to: number;
  readonly off: boolean;
  readonly onTurn: (first: number) => void;
}

/** A button that turns the page. If there is no further page it stays visible and keeps the focus. */
function Turn({ title, sign, to, off, onTurn }: TurnProps) {
  return (
    <button
      type="button"
      class="button button-small"
      aria-label={title}
      aria-disabled={off}
      onClick={() => !off && onTurn(to)}
    >
      {sign}
    </button>
  );
}

/** Whether the page is dark; the component is rendered again when that changes. */
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
