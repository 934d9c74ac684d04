/** The processor's name. */
export async function cpuName(): Promise<string> {
  const { cpus, availableParallelism } = await import('node:os');
  const [cpu] = cpus();
  return `CPU: ${cpu?.model.trim() ?? 'unknown'}, ${availableParallelism()} threads`;
}

/** The names of the NVIDIA GPUs, in the driver's order; none where its tool `nvidia-smi` is not there. */
export async function gpuNames(): Promise<string[]> {
  const { execFile } = await import('node:child_process');
  return new Promise((resolve) => {
    execFile('nvidia-smi', ['--query-gpu=name', '--format=csv,noheader'], (error, stdout) => {
      resolve(error ? [] : stdout.trim().split('\n'));
    });
  });
}
