/** A browser does not tell what processor it runs on. */
export async function cpuName(): Promise<string> {
  return 'CPU';
}

/** Nor the names of its GPUs. */
export async function gpuNames(): Promise<string[]> {
  return [];
}
