import { type BatchSource, batchesOf } from '@ddad/nn';
import type * as tf from '@tensorflow/tfjs';

/** A batch of an epoch, or, without a batch, the epoch's end. */
export interface Upcoming {
  epoch: number;
  /** Disposed as {@link BatchSource} says when the next is asked for. */
  batch?: tf.Tensor4D;
  /** Of the batch in its epoch. */
  index: number;
}

/**
 * The batches of all epochs from one on, each followed by its end.
 *
 * @throws at an epoch without batches
 */
export async function* upcomingBatches(
  source: BatchSource,
  { epoch, batch: from }: { epoch: number; batch: number },
): AsyncGenerator<Upcoming> {
  let index = from;
  for (let at = epoch; ; at++, index = 0) {
    for await (const { batch } of batchesOf(source, { epoch: at, from: index }))
      yield { epoch: at, batch, index: index++ };
    if (index === 0) throw new Error('trainUNet: needs at least one batch in an epoch, got none');
    yield { epoch: at, index };
  }
}
