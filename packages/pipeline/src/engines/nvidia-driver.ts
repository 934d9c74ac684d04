import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** What `nvidia-smi` says. */
export interface NvidiaDriver {
  gpu: string;
  version: string;
  /** Major version of CUDA up to which it works. */
  cuda: number;
}

/** The driver of the first GPU; undefined where there is none. */
export async function nvidiaDriver(): Promise<NvidiaDriver | undefined> {
  const execute = promisify(execFile);
  try {
    const { stdout } = await execute('nvidia-smi', [
      '--query-gpu=name,driver_version',
      '--format=csv,noheader',
    ]);
    const [gpu, version] = stdout.split('\n')[0].split(', ');
    const [, cuda] = /CUDA (?:UMD )?Version:\s*(\d+)/.exec((await execute('nvidia-smi')).stdout) ?? [];
    return cuda ? { gpu, version, cuda: Number(cuda) } : undefined;
  } catch {
    return undefined; // no tool, no device, no rights: the engine says what is wrong when it starts
  }
}
