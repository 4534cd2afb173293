import { ChoiceSetting, SwitchSetting } from "../shared/controls.tsx";
import { formatCount } from "../shared/format.ts";
import { filesOf } from "../shared/picture-files.ts";
import { choosePictures, dismissOffer, needsTwins, offerTwins, takeOffer, twinsWords } from "./offers.ts";
import {
  FolderButton,
  ImagesDescription,
  ImagesFacts,
  LabelNames,
  Samples,
  TwinSamples,
} from "./own-images.tsx";
import {
  type Fit,
  type OwnPictureFiles,
  type PictureChoices,
  type Size,
  sizesFor,
  sizeTitle,
} from "./own-pictures.ts";
import { imagesState, type Offer } from "./state.ts";

/** The contents of the user's files, before they are used. */
export function OfferedImages() {
  const { value: offer } = imagesState.offer;
  if (!offer || (!offer.images && !offer.samples)) return null;
  const pictures = offer.files.kind === "pictures";
  return (
    <section class="card offer" aria-labelledby="offer-title">
      <h2 id="offer-title">Use these {pictures ? "pictures" : "images"}?</h2>
      {offer.files.kind === "pictures" ? (
        <OfferedPictures offer={offer} files={offer.files} />
      ) : (
        offer.images && <ImagesDescription images={offer.images} />
      )}
      {needsTwins.value && <TwinsSetting offer={offer} />}
      <OfferButtons ready={offer.images !== undefined && (!needsTwins.value || !!offer.images.twins)} />
    </section>
  );
}

/** The field that chooses the noisy twins of the offered images. */
function TwinsSetting({ offer: { files, images } }: { readonly offer: Offer }) {
  const { title, those } = twinsWords.value;
  const how = files.kind === "pictures" ? "with the same names, whatever their endings" : "in the same order";
  return (
    <div class="setting">
      <label for="setting-twins">{title}</label>
      <div class="file-buttons">
        <input
          id="setting-twins"
          class="file-input"
          type="file"
          multiple
          aria-describedby="setting-twins-help"
          onChange={({ currentTarget }) => void offerTwins(filesOf(currentTarget))}
        />
        {files.kind === "pictures" && (
          <FolderButton title="Choose their folder" help="setting-twins-help" onChoose={offerTwins} />
        )}
      </div>
      <p class="setting-help" id="setting-twins-help">
        {images && !images.twins && "Needed before these can be used. "}
        Choose {those}, as many, {how} and of the same sizes. They are cut or scaled exactly as these.
      </p>
    </div>
  );
}

interface OfferedPicturesProps {
  readonly offer: Offer;
  readonly files: OwnPictureFiles;
}

/** Samples of the offered pictures, the choices for them, and the summary once all are read. */
function OfferedPictures({ offer, files }: OfferedPicturesProps) {
  const { images, samples, read = 0 } = offer;
  const { folder, choices } = files;
  const names = folder.labels?.names ?? [];
  const nameOf = (label: number) => names.find((named) => named.label === label)?.name ?? "";
  const count = folder.files.length + (files.twins?.files.length ?? 0);
  return (
    <>
      {samples && <Samples {...samples} titles={samples.labels?.map(nameOf)} />}
      {images && <TwinSamples images={images} />}
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

const fits: readonly { readonly value: Fit; readonly title: string }[] = [
  { value: "middle", title: "Fit the middle" },
  { value: "squeeze", title: "Squeeze" },
  { value: "cut", title: "Cut out" },
];

interface PictureChoiceSettingsProps {
  /** The pictures' own size, if they share a small one. */
  readonly own: Size | undefined;
  readonly choices: PictureChoices;
}

/** The choices of how pictures become images. */
function PictureChoiceSettings({ own, choices }: PictureChoiceSettingsProps) {
  const sizes = sizesFor(own);
  return (
    <>
      <ChoiceSetting
        name="pictures-size"
        title="Pixels a side"
        help="All pictures get this size. More pixels make a larger network, which is slower to train."
        options={sizes.map((size) => ({ value: sizeTitle(size), title: sizeTitle(size) }))}
        chosen={sizeTitle(choices.size)}
        onChoose={(title) => {
          const size = sizes.find((known) => sizeTitle(known) === title);
          if (size) void choosePictures({ size });
        }}
      />
      <ChoiceSetting
        name="pictures-fit"
        title="Shape"
        help="The middle of a picture, scaled; all of it, squeezed; or its middle, cut out unscaled. Scaling removes noise, so noisy pictures to learn from are cut out."
        options={fits}
        chosen={choices.fit}
        onChoose={(fit) => void choosePictures({ fit })}
      />
      <SwitchSetting
        id="pictures-inverted"
        title="Invert"
        help="For dark strokes on light paper: the digits are white on black. Colours become grey by sRGB's luma (Rec. 709), and what is transparent becomes white first."
        on={choices.inverted}
        onSwitch={(inverted) => void choosePictures({ inverted })}
      />
    </>
  );
}

/** Buttons to use the offered images or not. Using them is possible once all are read. */
function OfferButtons({ ready }: { readonly ready: boolean }) {
  return (
    <>
      <div class="offer-buttons">
        <button
          type="button"
          class="button button-small button-main"
          aria-disabled={!ready}
          onClick={() => void takeOffer()}
        >
          Use them
        </button>
        <button type="button" class="button button-small" onClick={dismissOffer}>
          Leave them
        </button>
      </div>
      <p class="setting-help">A new run starts with them; the current run ends.</p>
    </>
  );
}
