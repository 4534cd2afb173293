import { Picture } from "../shared/picture.tsx";
import { store } from "../store.ts";
import { goAlong } from "./actions.ts";

/** Pictures along the path; each leads to its place. */
export function PathStrip() {
  const { strip, share } = store.inside.path;
  const { value: pictures } = strip;
  return (
    <div class="path-strip">
      {pictures.map((picture, index) => {
        const at = index / (pictures.length - 1);
        return (
          <button
            key={at}
            type="button"
            class="path-step"
            aria-label={`${Math.round(100 * at)} % of the way`}
            aria-pressed={Math.abs(at - share.value) < 0.5 / (pictures.length - 1)}
            onClick={() => goAlong(at)}
          >
            <Picture title="decoded" {...picture} />
          </button>
        );
      })}
    </div>
  );
}
