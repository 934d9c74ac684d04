import type * as tf from '@tensorflow/tfjs';
import type { Layout } from './layout.js';

/** One named tensor of a network. */
export interface Parameter {
  /** PyTorch's state-dict name. */
  name: string;
  /** Its value, in tfjs layout. */
  variable: tf.Variable;
  /** PyTorch's shape. */
  shape: number[];
  layout: Layout;
  /** `I64` for counters such as `num_batches_tracked`, which are int32 here. */
  dtype: 'F32' | 'I64';
  /** False for buffers (running statistics, counters). */
  trainable: boolean;
  /** True where a state dict may lack it, as PyTorch's may lack `num_batches_tracked`: it then keeps its value. */
  optional: boolean;
}
