import { replaceFile } from '@ddad/files';
import { MissingDecoderError } from '@ddad/images';
import { type FileFacts, inspectFile } from './inspect-file.js';
import { type LoadImageOptions, loadImage } from './load-image.js';
import { reason } from './reason.js';

export interface LoadJob {
  kind: 'load';
  path: string;
  options: LoadImageOptions;
  /** Where to keep the decoded bytes. */
  cache?: string;
}

export interface InspectJob {
  kind: 'inspect';
  path: string;
  /** Of a mask: the sample's. */
  maskThreshold?: number;
}

/** `fatal` errors are not the image's fault. */
export interface Failure {
  error: string;
  fatal: boolean;
}

/** What a worker says before its first reply. */
export const READY = 'ready';

export type Job = LoadJob | InspectJob;
export type Reply<J extends Job> =
  | Failure
  | (J extends LoadJob ? { data: Uint8Array } : { facts: FileFacts });

/** Runs a job in this thread: what a worker does with each message. */
export async function runJob<J extends Job>(job: J): Promise<Reply<J>> {
  return (await (job.kind === 'load' ? load(job) : inspect(job))) as Reply<J>;
}

async function load({ path, options, cache }: LoadJob): Promise<Reply<LoadJob>> {
  let data: Uint8Array;
  try {
    ({ data } = await loadImage(path, options));
  } catch (error) {
    return { error: (error as Error).message, fatal: error instanceof MissingDecoderError };
  }
  try {
    if (cache !== undefined) await replaceFile(cache, data);
  } catch (error) {
    return { error: `loadImages: cacheDir: ${(error as Error).message}`, fatal: true };
  }
  return { data };
}

async function inspect({ path, maskThreshold }: InspectJob): Promise<Reply<InspectJob>> {
  try {
    return { facts: await inspectFile(path, maskThreshold) };
  } catch (error) {
    return { error: reason(error), fatal: error instanceof MissingDecoderError };
  }
}
