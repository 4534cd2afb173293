import { defineKernel } from "../../../src/device/kernel.ts";
import { type KernelCase, kernelCase } from "../kernel-case.ts";
import code from "../philox_probe.wgsl";
import { philoxKnownAnswers } from "../philox-known-answers.ts";
import { exactly } from "./sweep-fixture.ts";

const kernel = defineKernel({
  name: "philox_probe",
  code,
  workgroup: [1, 1],
  bindings: { counters: "read", keys: "read", words: "readWrite" },
});

export function philoxCases(): KernelCase[] {
  const answers = philoxKnownAnswers;
  return [
    kernelCase({
      name: "philox known answers",
      kernel,
      buffers: {
        counters: Uint32Array.from(answers.flatMap(({ counter }) => counter)),
        keys: Uint32Array.from(answers.flatMap(({ key }) => key)),
        words: new Uint32Array(4 * answers.length),
      },
      invocations: answers.length,
      expected: { words: exactly(answers.flatMap(({ result }) => result)) },
    }),
  ];
}
