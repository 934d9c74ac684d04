import type { TrainUNetOptions, Validation, ValidationState } from './training-options.js';

/** The validations of a training, and what they have found. */
export interface EarlyStopping {
  /** Undefined before the first validation, and without `validation`. */
  readonly state: ValidationState | undefined;
  /** True once the error has not fallen for `patience` validations. */
  readonly isOver: boolean;
  /** Validates, unless there is nothing to evaluate, this step was evaluated before, or `signal` is fired meanwhile. */
  validate(position: { step: number; epoch: number }): Promise<void>;
}

/** @param using runs a function while `unet` has the weights to validate */
export function earlyStopping(
  { unet, validation, signal, resume }: Pick<TrainUNetOptions, 'unet' | 'validation' | 'signal' | 'resume'>,
  using: <T>(use: () => Promise<T>) => Promise<T>,
): EarlyStopping {
  const patience = validation?.patience;
  let state = validation ? resume?.validation : undefined;

  const evaluate = async (step: number) => {
    let error: number;
    try {
      error = await validation!.evaluate(unet);
    } catch (cause) {
      if (signal?.aborted) return undefined;
      throw cause;
    }
    if (!Number.isFinite(error)) {
      throw new Error(
        `trainUNet: the validation error is ${error} at step ${step}; a lower learning rate may help`,
      );
    }
    const isBetter = !state || error < state.best.error;
    return {
      error,
      isBetter,
      weights: isBetter && patience !== undefined ? await unet.stateDict() : undefined,
    };
  };

  return {
    get state() {
      return state;
    },
    get isOver() {
      return patience !== undefined && state !== undefined && state.stale >= patience;
    },
    async validate({ step, epoch }) {
      if (!validation || state?.step === step) return;
      const evaluated = await using(() => evaluate(step));
      if (!evaluated) return;
      const { error, weights } = evaluated;
      const found: Validation = { step, epoch, error };
      state =
        !state || evaluated.isBetter
          ? { step, stale: 0, best: { ...found, ...(weights && { weights }) } }
          : { ...state, step, stale: state.stale + 1 };
      validation.onValidation?.(found);
    },
  };
}
