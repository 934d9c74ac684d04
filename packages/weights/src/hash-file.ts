import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';

/** SHA-256 of a file's bytes in hexadecimal. */
export async function hashFile(path: string): Promise<string> {
  const sha256 = createHash('sha256');
  for await (const piece of createReadStream(path)) sha256.update(piece);
  return sha256.digest('hex');
}
