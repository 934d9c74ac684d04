import * as tf from '@tensorflow/tfjs';
import type { Kernels } from './kernel.js';

const { util } = tf;

/** Kernels that make host data; inside `compile` it is frozen, since it depends on attributes alone. */
export const creationKernels: Kernels = {
  Range: (b, _inputs, { start, stop, step, dtype }) => {
    const goesNowhere = start === stop || (start < stop && step < 0) || (stop < start && step > 1);
    const count = goesNowhere ? 0 : Math.abs(Math.ceil((stop - start) / step));
    const signedStep = stop < start && step === 1 ? -1 : step;
    const values = util.getTypedArrayFromDType(dtype as 'float32', count);
    for (let i = 0; i < count; i++) values[i] = start + i * signedStep;
    return b.constantOutput(values, [count], dtype);
  },
  LinSpace: (b, _inputs, { start, stop, num }) => {
    const step = (stop - start) / (num - 1);
    const values = new Float32Array(num);
    for (let i = 0; i < num; i++) values[i] = num === 1 ? start : start + i * step;
    return b.constantOutput(values, [num], 'float32');
  },
  Complex: (b, { real, imag }) => b.complexOutput(real, imag),
};
