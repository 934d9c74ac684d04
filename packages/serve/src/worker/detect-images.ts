import { createHash } from 'node:crypto';
import { type Detection, type Detector, type PreparedImage, UserError } from '@ddad/detector';
import { decodeImage } from '@ddad/images';
import { toMessage } from './error-message.js';
import type { ErrorMessage, ImageJob, ImageResult } from './messages.js';
import { render } from './render.js';

/** Runs work of the engine when what came before is done. */
export type InTurn = <T>(work: () => Promise<T>) => Promise<T>;

interface DecodedJob {
  job: ImageJob;
  image: PreparedImage;
  sha256: string;
  decode: number;
}

/** Looks at images with one detector: each gets a result or an error of its own. */
export async function detectImages(
  detector: Detector,
  images: readonly ImageJob[],
  { inTurn, signal, pixels }: { inTurn: InTurn; signal: AbortSignal; pixels: number },
): Promise<{ value: ({ result: ImageResult } | { error: ErrorMessage })[]; transfer: ArrayBuffer[] }> {
  const decoding = decodeAll(detector, images, pixels);
  // the turn is taken now: a detector that is unloaded later is still there
  const { decoded, detections, infer } = await inTurn(async () => {
    const decoded = await decoding;
    const start = performance.now();
    const prepared = decoded.flatMap((each) => ('image' in each ? [each.image] : []));
    const detections: Detection[] = [];
    for await (const each of detector.detectPrepared(prepared, { signal })) detections.push(each);
    return { decoded, detections, infer: performance.now() - start };
  });
  const value: ({ result: ImageResult } | { error: ErrorMessage })[] = [];
  const transfer: ArrayBuffer[] = [];
  for (const each of decoded) {
    if ('error' in each) {
      value.push(each);
      continue;
    }
    const result = await resultOf(each, detections.shift()!, infer);
    transfer.push(...Object.values(result.files).map(({ buffer }) => buffer as ArrayBuffer));
    value.push({ result });
  }
  return { value, transfer };
}

async function decodeAll(
  detector: Detector,
  images: readonly ImageJob[],
  pixels: number,
): Promise<(DecodedJob | { error: ErrorMessage })[]> {
  const decoded: (DecodedJob | { error: ErrorMessage })[] = [];
  for (const job of images) {
    decoded.push(await decode(detector, job, pixels).catch((error) => ({ error: imageError(error) })));
  }
  return decoded;
}

async function decode(detector: Detector, job: ImageJob, pixels: number): Promise<DecodedJob> {
  const start = performance.now();
  const sha256 = createHash('sha256').update(job.bytes).digest('hex');
  const window = detector.config.data.window ?? undefined;
  const image = await detector.prepare(await decodeImage(job.bytes, { maxPixels: pixels, window }));
  return { job, image, sha256, decode: performance.now() - start };
}

/** Whatever a decoder throws is the image's. */
function imageError(error: Error): ErrorMessage {
  return toMessage(new UserError(error.message, { code: 'image', cause: error }));
}

async function resultOf(
  { job, image, sha256, decode }: DecodedJob,
  detection: Detection,
  infer: number,
): Promise<ImageResult> {
  const { score, threshold, isAnomalous, isForeign = null, width, height, regions } = detection;
  return {
    sha256,
    width: image.pixels.width,
    height: image.pixels.height,
    score,
    threshold,
    anomalous: isAnomalous,
    foreign: isForeign,
    regions: regions.flatMap(({ original, peak, area }) => (original ? [{ ...original, peak, area }] : [])),
    map: { width, height },
    files: await render(detection, image, job.outputs),
    timings: { decode, infer },
  };
}
