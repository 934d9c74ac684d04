import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** Names that `writeAtomic` and `checkWritable` give until a file is whole, with the process that writes it. */
const temporary = /^(?:.+\.(?:safetensors|json|csv)\.|\.ddad-)(\d+)\.tmp$/;

/** Removes the temporary files that killed processes left in `folder`. */
export async function removeAbandoned(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const writer = temporary.exec(name)?.[1];
    if (writer && !isAlive(Number(writer))) await rm(join(folder, name), { force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}
