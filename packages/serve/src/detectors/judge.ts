import { readHeader } from '@ddad/images';
import type { Context } from '../context.js';
import type { Detection } from '../schemas.js';
import { ServiceError } from '../service-error.js';
import type { JobResult } from '../worker/job-queue.js';
import type { Outputs } from '../worker/messages.js';
import type { ServedDetector } from './served-detector.js';
import { watchDrift } from './watch-drift.js';

/** An image as it came. */
export interface GivenImage {
  name: string | null;
  bytes: Uint8Array;
}

export interface Judged {
  detection: Detection;
  map: { width: number; height: number };
  files: JobResult['files'];
}

/** Looks at one image, in its turn. */
export async function judge(
  detector: ServedDetector,
  { name, bytes }: GivenImage,
  { outputs, signal, context }: { outputs: Outputs; signal: AbortSignal; context: Context },
): Promise<Judged> {
  const { pool, limits, metrics, telling } = context;
  assertImage(bytes, limits.pixels);
  const wanted = telling?.overlays ? { ...outputs, overlay: 'jpeg' as const } : outputs;
  const result = await pool.detect({ target: detector, bytes, outputs: wanted, signal });
  const { version, sha256, width, height, score, threshold, anomalous, foreign, regions, map, files } =
    result;
  const timings = { queue: result.queue, ...result.timings };
  metrics.detections.inc({
    detector: detector.name,
    version: String(version),
    verdict: anomalous ? 'anomalous' : 'good',
  });
  for (const [stage, milliseconds] of Object.entries(timings)) {
    metrics.stageSeconds.observe({ detector: detector.name, stage }, milliseconds / 1000);
  }
  watchDrift(detector, { version, score }, context);
  const detection = {
    ...{ detector: detector.name, version, image: { name, width, height, sha256 } },
    ...{ score, threshold, anomalous, foreign, regions, timings },
  };
  await telling?.tell(detection, {
    bytes: bytes.length,
    overlay: telling.overlays ? files.overlay : undefined,
  });
  const { overlay, ...others } = files;
  return { detection, map, files: outputs.overlay ? files : others };
}

/** Refuses by its first bytes what no thread should be kept busy with. */
export function assertImage(bytes: Uint8Array, most: number): void {
  let header: { width: number; height: number };
  try {
    header = readHeader(bytes);
  } catch (cause) {
    throw new ServiceError(`the image cannot be read: ${(cause as Error).message}`, {
      code: 'image',
      remedy: 'send a PNG, JPEG, BMP, TIFF or WebP file, whole',
      cause,
    });
  }
  const { width, height } = header;
  if (width * height > most) {
    throw new ServiceError(`the image says it has ${width}x${height} pixels; this station takes ${most}`, {
      code: 'too-large',
    });
  }
}
