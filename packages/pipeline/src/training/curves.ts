/** What a training records of itself. */
export interface Curves {
  /** By optimiser step. */
  loss: { step: number; loss: number }[];
  /** Mean absolute difference of held-back good images and their reconstructions, by optimiser step. */
  validation: { step: number; loss: number }[];
}

/** Name and first line of the file of each curve. */
export const curveFiles = {
  loss: { name: 'training.csv', header: 'step,loss' },
  validation: { name: 'validation.csv', header: 'step,reconstruction_error' },
} as const;
export const curveKinds = ['loss', 'validation'] as const;
