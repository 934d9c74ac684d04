import {
  manifestIn,
  manifestName,
  openSource,
  type RevisedDetector,
  recalibrate,
  withRegionOfInterest,
} from '@ddad/detector';
import type { RecalibrateJob, ThreadOptions } from './messages.js';

/** The detector of `base` that has seen the images too, with the region of interest of `active`. */
export async function recalibrateJob(
  { base, active, images, memory, forget }: RecalibrateJob,
  { engine, threads, signal }: Pick<ThreadOptions, 'engine' | 'threads'> & { signal: AbortSignal },
): Promise<RevisedDetector> {
  const source = await openSource('recalibrate', base);
  const current = await manifestIn(await openSource('recalibrate', active));
  const { include, ignore } = current.regionOfInterest ?? {};
  const region = include && ignore ? { include, ignore } : null;
  const manifest = withRegionOfInterest(await manifestIn(source), region);
  const text = new TextEncoder().encode(JSON.stringify(manifest));
  const { files, ...revised } = await recalibrate(
    { name: source.name, read: async (name) => (name === manifestName ? text : source.read(name)) },
    { images, memory, forget, engine, threads: threads ?? undefined, signal },
  );
  // a memory that the active version has not
  const file = revised.manifest.memory?.file;
  if (file && file !== current.memory?.file && !files.has(file)) files.set(file, await source.read(file));
  return { ...revised, files };
}
