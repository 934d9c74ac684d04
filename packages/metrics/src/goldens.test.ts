import { goldenJson, goldens } from '@ddad/testing';
import { describe, expect, it } from 'vitest';
import { aupro, auroc, averagePrecision, f1Max, PixelMetrics, youdenThreshold } from './index.js';

type Expected = Record<string, number> & { shape: [number, number, number] };

describe.each(Object.entries(goldenJson<Record<string, Expected>>('metrics')))(
  'golden %s',
  (name, expected) => {
    const state = goldens(`metrics_${name}`);
    const maps = state.get('maps')!.data as Float32Array;
    const masks = state.get('masks')!.data as Uint8Array;
    const { shape } = expected;
    const [n, h, w] = shape;
    const images = Array.from({ length: n }, (_, i) => ({
      map: maps.subarray(i * h * w, (i + 1) * h * w),
      mask: masks.subarray(i * h * w, (i + 1) * h * w),
    }));
    const close = (actual: number, key: string, tolerance = 1e-9) =>
      expect(Math.abs(actual - expected[key]), key).toBeLessThanOrEqual(tolerance);

    it('image metrics', () => {
      const labels = images.map(({ mask }) => +mask.some((m) => m !== 0));
      const scores = images.map(({ map }) => Math.max(...map));
      close(auroc(labels, scores), 'image_auroc');
      close(averagePrecision(labels, scores), 'image_ap');
      close(f1Max(labels, scores).f1, 'image_f1_max');
      close(youdenThreshold(labels, scores), 'youden_threshold');
    });

    it('pixel metrics, all at once and streamed', () => {
      close(auroc(masks, maps), 'pixel_auroc');
      close(averagePrecision(masks, maps), 'pixel_ap');
      close(f1Max(masks, maps).f1, 'pixel_f1_max');
      for (const limit of ['0.05', '0.3', '1.0']) {
        close(aupro(masks, maps, { shape, limit: Number(limit) }), `aupro_${limit}`);
      }
      close(aupro(masks, maps, { shape }), 'aupro_0.3');
      const streamed = new PixelMetrics();
      for (const { mask, map } of images) streamed.add(mask, map, { shape: [h, w] });
      const result = streamed.compute();
      close(result.auroc, 'pixel_auroc');
      close(result.averagePrecision, 'pixel_ap');
      close(result.f1Max.f1, 'pixel_f1_max');
      close(result.aupro, 'aupro_0.3');
    });

    it("the reference's PRO", () => {
      close(aupro(masks, maps, { shape, mode: 'ddad' }), 'pro_ddad_reference_200', 1e-6);
    });
  },
);
