/** What a training records of itself. */
export interface Curves {
  /** By optimiser step. */
  loss: { step: number; loss: number }[];
  /** Mean absolute difference of held-back good images and their reconstructions, by optimiser step. */
  validation: { step: number; loss: number }[];
}

export const files = {
  loss: { name: 'training.csv', header: 'step,loss' },
  validation: { name: 'validation.csv', header: 'step,reconstruction_error' },
} as const;
export const kinds = ['loss', 'validation'] as const;
