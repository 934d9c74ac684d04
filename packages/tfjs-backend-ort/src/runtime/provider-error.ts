const REMEDIES: Record<string, string> = {
  cuda:
    'It needs Linux x64, an NVIDIA GPU with CUDA 12 and cuDNN 9, and the CUDA libraries of onnxruntime-node: ' +
    'run ONNXRUNTIME_NODE_INSTALL=cuda12 npm rebuild onnxruntime-node',
  webgpu: 'It needs a GPU with a Vulkan, Metal or Direct3D 12 driver, and x64 on Linux',
};

/** Why an execution provider does not start, in one line, with what it needs. */
export function providerError(executionProviders: readonly string[], reason: Error): Error {
  const [first] = executionProviders;
  const remedy = REMEDIES[first] ?? 'onnxruntime-node has it on other platforms, or not at all';
  if (first === 'cpu' || reason.message.startsWith('initOrt: ')) return reason;
  const [line] = reason.message.split('\n');
  // ONNX Runtime's own prefix: source file, line, C++ signature and the assertion.
  const what = line.replace(/^\/.*?(?:was false\. |\) )/, '');
  return new Error(
    `initOrt: the execution provider '${first}' does not start here: ${what.replace(/\.$/, '')}. ${remedy}.`,
    { cause: reason },
  );
}
