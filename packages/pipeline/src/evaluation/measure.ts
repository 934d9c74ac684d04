import {
  aupro,
  auroc,
  averagePrecision,
  bootstrapInterval,
  type Confusion,
  confusion,
  f1Max,
  PixelMetrics,
  segF1,
} from '@ddad/metrics';

/** What the metrics need of a scored test image. */
export interface ScoredImage {
  /** Undefined where nobody said. */
  label: 0 | 1 | undefined;
  score: number;
  /** Anomaly map, row-major. */
  map: Float32Array;
  /** 255 defect, 0 good, between them at edges resized bilinearly; undefined where nobody drew it. */
  mask: Uint8Array | undefined;
  /** Height and width of both. @default those that all have in common */
  shape?: readonly [number, number];
}

/** Metrics by name; one that the test set does not allow is absent. */
export interface Metrics {
  imageAuroc?: number;
  imageAveragePrecision?: number;
  imageF1Max?: number;
  pixelAuroc?: number;
  pixelAveragePrecision?: number;
  pixelF1Max?: number;
  /** Exact, up to a false positive rate of 0.3. */
  aupro?: number;
  /** Exact, up to 0.05: MVTec AD 2's. */
  aupro05?: number;
  /** F1 over the pixels at one threshold from good images; of MVTec AD 2, whose validation images give it. */
  segF1?: number;
  /** As the DDAD reference computes it. */
  referencePro?: number;
}

export interface Measured {
  metrics: Metrics;
  /** 95 % bootstrap interval of `imageAuroc`, images drawn anew within good and anomalous. */
  imageAurocInterval?: { low: number; high: number };
  /** Why metrics are absent, a line each. */
  notReported: string[];
}

/**
 * Image metrics over the labelled images, pixel metrics over those with a mask (a good image's is empty).
 *
 * @param options.shape [height, width] of maps and masks that do not bring their own
 * @param options.referencePro also compute the reference's PRO
 * @param options.pixelThreshold of SegF1; without it there is none
 * @param options.seed of the bootstrap
 */
export function measure(
  images: readonly ScoredImage[],
  {
    shape,
    referencePro,
    pixelThreshold,
    seed = 0,
  }: {
    shape: readonly [number, number];
    referencePro: boolean;
    pixelThreshold?: number;
    seed?: number;
  },
): Measured {
  const metrics: Metrics = {};
  const notReported: string[] = [];
  let imageAurocInterval: Measured['imageAurocInterval'];

  const labelled = images.filter((image) => image.label !== undefined);
  const anomalous = labelled.filter((image) => image.label === 1).length;
  if (anomalous > 0 && anomalous < labelled.length) {
    const labels = labelled.map((image) => image.label as number);
    const scores = labelled.map((image) => image.score);
    const { estimate, low, high } = bootstrapInterval(labels, scores, { metric: auroc, seed });
    metrics.imageAuroc = estimate;
    imageAurocInterval = { low, high };
    metrics.imageAveragePrecision = averagePrecision(labels, scores);
    metrics.imageF1Max = f1Max(labels, scores).f1;
  } else {
    notReported.push(
      `image metrics: need good and anomalous test images, got ${labelled.length - anomalous} good, ` +
        `${anomalous} anomalous and ${images.length - labelled.length} without a label`,
    );
  }

  const drawn = images.filter((image) => image.mask !== undefined);
  const regions = drawn.filter((image) => image.mask!.some((value) => value > 0)).length;
  if (regions === 0) {
    notReported.push(`pixel metrics: need masks with defects, got none for ${images.length} test images`);
    return { metrics, imageAurocInterval, notReported };
  }
  const withoutMask = images.length - drawn.length;
  if (withoutMask) notReported.push(`pixel metrics leave out ${withoutMask} test images without a mask`);

  const pixels = new PixelMetrics();
  for (const { mask, map, shape: own = shape } of drawn) pixels.add(mask!, map, { shape: own });
  const computed = pixels.compute({ limits: [0.05] });
  metrics.pixelAuroc = computed.auroc;
  metrics.pixelAveragePrecision = computed.averagePrecision;
  metrics.pixelF1Max = computed.f1Max.f1;
  metrics.aupro = computed.aupro;
  metrics.aupro05 = computed.aupros[0];
  if (pixelThreshold !== undefined) {
    const judged = drawn.map(({ mask, map }) => ({ mask: mask!, map }));
    metrics.segF1 = segF1(judged, { threshold: pixelThreshold });
  }
  if (referencePro) {
    try {
      metrics.referencePro = aupro(
        concat(drawn.map(({ mask }) => Float32Array.from(mask!, (value) => value / 255))),
        concat(drawn.map(({ map }) => map)),
        { shape: [drawn.length, ...shape], mode: 'ddad' },
      );
    } catch (error) {
      // It has no answer for some maps; the exact one, above, always has.
      notReported.push(`PRO as the reference computes it: ${(error as Error).message}`);
    }
  }
  return { metrics, imageAurocInterval, notReported };
}

/** Right and wrong verdicts at a threshold over the labelled images; undefined without any. */
export function verdicts(
  images: readonly Pick<ScoredImage, 'label' | 'score'>[],
  threshold: number,
): Confusion | undefined {
  const labelled = images.filter((image) => image.label !== undefined);
  if (!labelled.length) return undefined;
  return confusion(
    labelled.map((image) => image.label as number),
    labelled.map((image) => image.score),
    { threshold },
  );
}

function concat(parts: Float32Array[]): Float32Array {
  const out = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}
