interface CodeSliderProps {
  /** Undefined where the network has no middle layer. */
  readonly code: string | undefined;
  readonly onSlide: (code: string) => void;
}

/** The powers of two that it goes through: 1 to 1024. */
const powers = { min: 0, max: 10, step: 1 };

/** A slider for the code size that doubles or halves it from one place to the next. */
export function CodeSlider({ code, onSlide }: CodeSliderProps) {
  return (
    <input
      class="slider"
      type="range"
      {...powers}
      disabled={code === undefined}
      value={Math.round(Math.log2(Number(code))) || powers.min}
      aria-label={`Code size, from ${2 ** powers.min} to ${2 ** powers.max}`}
      aria-valuetext={code ?? "custom"}
      onInput={(event) => onSlide(String(2 ** event.currentTarget.valueAsNumber))}
    />
  );
}
