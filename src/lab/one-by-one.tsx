import { useSignal } from "@preact/signals";
import type { ComponentType } from "preact";
import { useEffect } from "preact/hooks";
import { nextTask } from "../network/work-slices.ts";

interface OneByOneProps {
  /** Fetches what is to be drawn, from the top down. */
  readonly load: () => Promise<readonly ComponentType[]>;
}

/** Parts of the page that are not seen at first, each drawn in a task of its own, so that presses get in between. */
export function OneByOne({ load }: OneByOneProps) {
  const drawn = useSignal<readonly ComponentType[]>([]);
  useEffect(() => {
    let gone = false;
    const draw = async () => {
      for (const Part of await load()) {
        await nextTask();
        if (gone) return;
        drawn.value = [...drawn.value, Part];
      }
    };
    void draw();
    return () => {
      gone = true;
    };
  }, []);
  return (
    <>
      {drawn.value.map((Part, index) => (
        <Part key={index} />
      ))}
    </>
  );
}
