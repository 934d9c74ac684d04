import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isRunning } from '@ddad/files';

/** Names that `writeAtomic` and `checkWritable` give until a file is whole, with the process that writes it. */
const temporary = /^(?:.+\.(?:safetensors|json|csv)\.|\.ddad-)(\d+)\.tmp$/;

/** Removes the temporary files that killed processes left in `folder`. */
export async function removeAbandoned(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const writer = temporary.exec(name)?.[1];
    if (writer && !isRunning({ pid: Number(writer) })) await rm(join(folder, name), { force: true });
  }
}
