import { formatBytes, formatCount } from "../shared/format.ts";
import { PicturesFacts } from "./pictures-facts.tsx";
import { Samples } from "./samples.tsx";
import type { FileSummary, ImagesSummary } from "./summary.ts";

const roleTitles: { readonly [R in FileSummary["role"]]: string } = {
  training: "images to learn from",
  "training labels": "labels",
  validation: "images to validate with",
  "validation labels": "labels to validate with",
};

/** What a person's files hold, and some of it. */
export function ImagesDescription({ images }: { readonly images: ImagesSummary }) {
  const { rows, columns, samples } = images;
  return (
    <>
      <ImagesFacts images={images} />
      <Samples rows={rows} columns={columns} pixels={samples} />
    </>
  );
}

/** What a person's files hold: the files, the images' number and size, and whether they have labels. */
export function ImagesFacts({ images }: { readonly images: ImagesSummary }) {
  const { files, rows, columns, trainingImages, validationImages, labels, pictures } = images;
  const labelled = labels !== undefined || files.some(({ role }) => role === "training labels");
  const separate = files.some(({ role }) => role === "validation");
  return (
    <>
      <ul class="files">
        {files.map((file) => (
          <li key={file.role}>
            <strong>{file.name}</strong>
            <br />
            {formatCount(file.count)}{" "}
            {separate || file.role !== "training" ? roleTitles[file.role] : "images"},{" "}
            {formatBytes(file.bytes)}
          </li>
        ))}
      </ul>
      <p class="setting-help">
        {rows} × {columns} pixels, {labelled ? "with labels" : "without labels"}:{" "}
        {formatCount(trainingImages)} to learn from and {formatCount(validationImages)}{" "}
        {separate ? "" : "held out "}to validate with.
      </p>
      {pictures && <PicturesFacts pictures={pictures} />}
    </>
  );
}
