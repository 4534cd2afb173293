import { formatCount } from "../shared/format.ts";
import type { Offer } from "./offer.ts";
import type { OwnPictureFiles } from "./own-files.ts";
import { ImagesFacts } from "./own-images.tsx";
import { PictureChoiceSettings } from "./picture-choice-settings.tsx";
import { LabelNames } from "./pictures-facts.tsx";
import { Samples } from "./samples.tsx";

interface OfferedPicturesProps {
  readonly offer: Offer;
  readonly files: OwnPictureFiles;
}

/** Pictures as they come to look, how they do, and, once all are read, what they are. */
export function OfferedPictures({ offer, files }: OfferedPicturesProps) {
  const { images, samples, read = 0 } = offer;
  const { folder, choices } = files;
  const names = folder.labels?.names ?? [];
  const nameOf = (label: number) => names.find((named) => named.label === label)?.name ?? "";
  const count = folder.files.length;
  return (
    <>
      {samples && <Samples {...samples} titles={samples.labels?.map(nameOf)} />}
      <PictureChoiceSettings own={folder.ownSize} choices={choices} />
      {images ? (
        <div>
          <ImagesFacts images={images} />
        </div>
      ) : (
        <div>
          <label class="setting-help" for="offer-read">
            {folder.name}: {formatCount(read)} of {formatCount(count)} pictures read…
          </label>
          <progress id="offer-read" class="offer-progress" value={read} max={count} />
          <LabelNames names={names} />
        </div>
      )}
    </>
  );
}
