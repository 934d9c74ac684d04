import { type LoadImageOptions, loadImage } from './loadImage.js';
import { writeFileAtomic } from './writeFileAtomic.js';

export interface DecodeJob {
  path: string;
  options: LoadImageOptions;
  /** Where to keep the decoded bytes. */
  cache?: string;
}

/** `fatal` errors are not the image's fault. */
export type DecodeReply = { data: Uint8Array } | { error: string; fatal: boolean };

/** Runs a job in this thread; what a worker does with each message. */
export async function decodeJob({ path, options, cache }: DecodeJob): Promise<DecodeReply> {
  let data: Uint8Array;
  try {
    ({ data } = await loadImage(path, options));
  } catch (error) {
    return { error: (error as Error).message, fatal: false };
  }
  try {
    if (cache !== undefined) await writeFileAtomic(cache, data);
  } catch (error) {
    return { error: `loadImages: cannot write the cache: ${(error as Error).message}`, fatal: true };
  }
  return { data };
}
