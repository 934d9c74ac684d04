import type { Engine } from './engine.js';
import { EngineError } from './engine-error.js';

/** TensorFlow's engines are native addons. */
export function tensorflow(needs: '@tensorflow/tfjs-node' | '@tensorflow/tfjs-node-gpu'): Engine {
  return {
    needs,
    async start() {
      throw new EngineError(`${needs} needs Node`, { remedy: 'take auto' });
    },
    device: async () => 'none',
    remedy: 'take auto',
  };
}
