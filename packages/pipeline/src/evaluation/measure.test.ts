import { centreBox, cropTo } from '@ddad/detector';
import { expect, test } from 'vitest';
import { measure, type ScoredImage, verdicts } from './measure.js';

const shape = [2, 2] as const;
const good: ScoredImage = {
  label: 0,
  score: 0.2,
  map: Float32Array.of(0.1, 0.2, 0, 0.1),
  mask: new Uint8Array(4),
};
const bad: ScoredImage = {
  label: 1,
  score: 0.9,
  map: Float32Array.of(0.9, 0.3, 0.1, 0.1),
  mask: Uint8Array.of(255, 0, 0, 0),
};

test('a separable set has perfect metrics', () => {
  const { metrics, notReported } = measure([good, bad], { shape, referencePro: true });
  expect(metrics).toMatchObject({
    imageAuroc: 1,
    imageAveragePrecision: 1,
    imageF1Max: 1,
    pixelAuroc: 1,
    aupro: 1,
  });
  expect(metrics.referencePro).toBeGreaterThan(0);
  expect(notReported).toEqual([]);
});

test('without masks the image metrics stay, without labels the pixel metrics stay', () => {
  const noMasks = measure(
    [good, bad].map((image) => ({ ...image, mask: undefined })),
    { shape, referencePro: true },
  );
  expect(noMasks.metrics.imageAuroc).toBe(1);
  expect(noMasks.metrics.pixelAuroc).toBeUndefined();
  expect(noMasks.notReported).toEqual([expect.stringMatching(/^pixel metrics: need masks/)]);

  const noLabels = measure(
    [good, bad].map((image) => ({ ...image, label: undefined })),
    { shape, referencePro: false },
  );
  expect(noLabels.metrics.imageAuroc).toBeUndefined();
  expect(noLabels.metrics.pixelAuroc).toBe(1);
  expect(noLabels.notReported[0]).toContain('0 good, 0 anomalous and 2 without a label');
});

test('images without a mask among others are left out of the pixel metrics, and said so', () => {
  const { metrics, notReported } = measure([good, bad, { ...bad, mask: undefined }], {
    shape,
    referencePro: false,
  });
  expect(metrics.pixelAuroc).toBe(1);
  expect(notReported).toEqual(['pixel metrics leave out 1 test images without a mask']);
});

test('the interval of the image AUROC holds it, is repeatable, and narrows with more images', () => {
  const set = (n: number) =>
    Array.from({ length: n }, (_, i) => ({
      ...(i % 2 ? bad : good),
      mask: undefined,
      score: ((i * 37) % 100) / 100 + 0.3 * (i % 2),
    }));
  const of = (n: number, seed = 1) => measure(set(n), { shape, referencePro: false, seed });
  const { metrics, imageAurocInterval } = of(100);
  const { low, high } = imageAurocInterval!;
  expect(low).toBeLessThan(metrics.imageAuroc!);
  expect(high).toBeGreaterThan(metrics.imageAuroc!);
  expect(of(100).imageAurocInterval).toEqual(imageAurocInterval);
  const narrow = of(400).imageAurocInterval!;
  expect((high - low) / (narrow.high - narrow.low)).toBeGreaterThan(1.5);
  expect(measure([good], { shape, referencePro: false }).imageAurocInterval).toBeUndefined();
});

test('one class only reports no image metrics', () => {
  expect(measure([good, good], { shape, referencePro: false }).metrics).toEqual({});
  expect(verdicts([good, bad, { label: undefined, score: 5 }], 0.9)).toEqual({ tp: 1, fp: 0, tn: 1, fn: 0 });
  expect(verdicts([{ label: undefined, score: 5 }], 1)).toBeUndefined();
});

// torchvision: CenterCrop(224) of 256 starts at 16
test('the centre is the reference’s', () => {
  expect(centreBox(256, 0.875)).toEqual({ top: 16, left: 16, height: 224, width: 224 });
  expect(centreBox(256, null)).toEqual({ top: 0, left: 0, height: 256, width: 256 });
  const values = Float32Array.from({ length: 16 }, (_, i) => i);
  expect([...cropTo(values, 4, { top: 1, left: 1, height: 2, width: 2 })]).toEqual([5, 6, 9, 10]);
  const rgb = Uint8Array.from({ length: 27 }, (_, i) => i);
  expect([...cropTo(rgb, 3, { top: 1, left: 2, height: 2, width: 1 })]).toEqual([15, 16, 17, 24, 25, 26]);
});
