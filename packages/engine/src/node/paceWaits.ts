/**
 * How often Node asks the package `webgpu` whether a GPU is done. By itself the package looks in every turn of the event loop, by the
 * global `setImmediate`, so that a core is busy as long as anything is waited for. Here a wait that is not over soon is
 * looked at once a millisecond.
 */

/** A wait as short as a step on a fast GPU is looked at in every turn: a timer would be felt there. */
const SOON_MS = 50;
/** A fiftieth of the shortest wait that it is used for, and a timer's least. */
const PAUSE_MS = 1;

type Look = () => void;

/** The package's looks go through the global of this name, which it reads anew for each. */
export interface LookScope {
  setImmediate: (look: Look) => unknown;
}

export interface PaceDeps {
  readonly scope: LookScope;
  /** Milliseconds on a scale that only grows. */
  monotonicMs(): number;
  later(look: Look, ms: number): unknown;
}

/** Classes of the package by their names. */
export type GpuClasses = Readonly<Record<string, { readonly prototype: object }>>;

/** What may begin a wait. */
const WAITING: readonly (readonly [name: string, method: string])[] = [
  ["GPU", "requestAdapter"],
  ["GPUAdapter", "requestDevice"],
  ["GPUDevice", "createComputePipelineAsync"],
  ["GPUDevice", "popErrorScope"],
  ["GPUQueue", "onSubmittedWorkDone"],
  ["GPUBuffer", "mapAsync"],
];

/** Changes the classes once for all that is made of them; everybody else's `setImmediate` stays what it is. */
export function paceWaits(classes: GpuClasses, { scope, monotonicMs, later }: PaceDeps): void {
  let asked = 0;

  /** Runs what may look again, with a scheduler of our own in the place of the global one for as long. */
  function paced<Result>(run: () => Result): Result {
    const { setImmediate } = scope;
    scope.setImmediate = (look) => {
      const lookAgain = () => paced(look);
      return monotonicMs() - asked < SOON_MS ? setImmediate(lookAgain) : later(lookAgain, PAUSE_MS);
    };
    try {
      return run();
    } finally {
      scope.setImmediate = setImmediate;
    }
  }

  for (const [name, method] of WAITING) {
    const prototype = classes[name]?.prototype as Record<string, (...given: unknown[]) => unknown>;
    const begin = prototype?.[method];
    if (begin === undefined) continue;
    prototype[method] = function (this: unknown, ...given: unknown[]) {
      asked = monotonicMs();
      return paced(() => begin.apply(this, given));
    };
  }
}
