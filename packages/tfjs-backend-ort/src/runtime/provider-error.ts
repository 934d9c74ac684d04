const REMEDIES: Record<string, string> = {
  cuda:
    'it needs Linux x64, an NVIDIA GPU with CUDA and cuDNN 9, and the provider, which this adds: ' +
    'npx ddad engines add ort-cuda',
  webgpu: 'it needs a GPU with a Vulkan, Metal or Direct3D 12 driver, and x64 on Linux',
};

/** An execution provider that does not start here. */
export class ProviderError extends Error {
  override name = 'ProviderError';
  /** What to do about it, or what it needs, as a clause. */
  readonly remedy: string;

  constructor(
    readonly provider: string,
    /** What ONNX Runtime said, in one line. */
    readonly reason: string,
    cause: unknown,
  ) {
    const remedy = REMEDIES[provider] ?? 'onnxruntime-node has it on other platforms, or not at all';
    super(`initOrt: the execution provider '${provider}' does not start here: ${reason}; ${remedy}`, {
      cause,
    });
    this.remedy = remedy;
  }
}

/** The error of a start that failed, with what its provider needs. */
export function providerError([first]: readonly string[], error: Error): Error {
  if (first === 'cpu' || error.message.startsWith('initOrt: ')) return error;
  const [line] = error.message.split('\n');
  // ONNX Runtime's own prefix: source file, line, C++ signature and the assertion.
  const reason = line.replace(/^\/.*?(?:was false\. |\) )/, '').replace(/\.$/, '');
  return new ProviderError(first, reason, error);
}
