let isAllowed = false;

/**
 * Says to CUDA whether it may round what it multiplies to TF32's 10 bits, unless the environment says so already. ONNX Runtime's
 * provider would let it, and the binding has no option for that (decision 0026). CUDA's libraries ask once.
 *
 * @throws if they were allowed to in this process and no longer are
 */
export function allowTf32(tf32: boolean): void {
  if (isAllowed && !tf32) {
    throw new Error(
      'initOrt: CUDA has begun with precision tf32 in this process, and keeps it. Start another process for float32.',
    );
  }
  if (process.env.NVIDIA_TF32_OVERRIDE !== undefined) return;
  process.env.NVIDIA_TF32_OVERRIDE = tf32 ? '1' : '0';
  isAllowed = tf32;
}
