import type { Codes } from "../inside-service.ts";
import { Picture } from "../shared/picture.tsx";
import { ownImages, store } from "../store.ts";
import { chooseEnd } from "./actions.ts";
import { codeLabels, shownLabels, titleOf } from "./code-labels.ts";
import { nextLike } from "./likes.ts";

interface PathEndProps {
  readonly codes: Codes;
  readonly end: "from" | "to";
  readonly name: string;
}

/** An image at an end of the path: chosen by its label, or as the next one like it. */
export function PathEnd({ codes, end, name }: PathEndProps) {
  const place = store.inside.path[end].value ?? 0;
  const { value: labels } = codeLabels;
  const { rows, columns, images, clean } = codes;
  const size = rows * columns;
  const what = ownImages.value ? "Label" : "Digit";
  return (
    <div class={`path-end path-${end}`}>
      <Picture
        title={`${name}: ${titleOf(place)}, clean`}
        rows={rows}
        columns={columns}
        pixels={clean.subarray(place * size, (place + 1) * size)}
      />
      <strong class="path-name">{name}</strong>
      {labels ? (
        <select
          class="text-input"
          aria-label={`${what} of ${name}`}
          value={labels[place]}
          onChange={({ currentTarget }) => chooseEnd(end, labels.indexOf(Number(currentTarget.value)))}
        >
          {shownLabels.value.map((label) => (
            <option key={label} value={label}>
              {what} {label}
            </option>
          ))}
        </select>
      ) : (
        <span>Image {images[place]}</span>
      )}
      <button
        type="button"
        class="button button-small"
        aria-label={`Another image for ${name}`}
        onClick={() => chooseEnd(end, nextLike(labels, place, images.length))}
      >
        Another
      </button>
    </div>
  );
}
