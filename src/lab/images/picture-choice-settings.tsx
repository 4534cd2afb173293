import { ChoiceSetting } from "../shared/choice-setting.tsx";
import { SwitchSetting } from "../shared/switch-setting.tsx";
import { type Fit, type PictureChoices, type Size, sizesFor, sizeTitle } from "./choices.ts";
import { choosePictures } from "./own-pictures-control.ts";

const fits: readonly { readonly value: Fit; readonly title: string }[] = [
  { value: "middle", title: "Fit the middle" },
  { value: "squeeze", title: "Squeeze" },
];

interface PictureChoiceSettingsProps {
  /** The pictures' own size, if they share a small one. */
  readonly own: Size | undefined;
  readonly choices: PictureChoices;
}

/** How pictures become images. */
export function PictureChoiceSettings({ own, choices }: PictureChoiceSettingsProps) {
  const sizes = sizesFor(own);
  return (
    <>
      <ChoiceSetting
        name="pictures-size"
        title="Pixels a side"
        help="All pictures are scaled to this size. More pixels make a larger network, which is slower to train."
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
        help="The middle of a picture, cut out, or all of it, squeezed."
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
