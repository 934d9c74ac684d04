import { readFileSync } from 'node:fs';
import { goldenJson, goldens } from '@ddad/testing';
import { type Browser, launchChromium, openPage } from '@ddad/testing/browser';
import { afterAll, beforeAll, expect, it } from 'vitest';

const module = readFileSync(new URL('../dist/index.js', import.meta.url), 'utf8');
let browser: Browser;

beforeAll(async () => {
  browser = await launchChromium();
});

afterAll(() => browser?.close());

it.each(['ties', 'smooth'])('gives the golden values in a browser: %s', async (name) => {
  const expected = goldenJson<Record<string, Record<string, number> & { shape: number[] }>>('metrics')[name];
  const state = goldens(`metrics_${name}`);
  const page = await openPage(browser);
  const content = `${module}\nwindow.metrics = { auroc, aupro, PixelMetrics };`;
  await page.addScriptTag({ type: 'module', content });
  const result = await page.evaluate(
    ({ maps, masks, shape }) => {
      const { metrics } = window as unknown as { metrics: typeof import('../src/index.js') };
      const set = { shape: shape as [number, number, number] };
      const float32 = Float32Array.from(maps);
      const size = shape[1] * shape[2];
      const pixels = new metrics.PixelMetrics();
      for (let i = 0; i < shape[0]; i++) {
        const [start, end] = [i * size, (i + 1) * size];
        pixels.add(masks.slice(start, end), float32.subarray(start, end), { shape: [shape[1], shape[2]] });
      }
      return {
        pixel_auroc: metrics.auroc(masks, float32),
        pixel_ap: pixels.compute().averagePrecision,
        pixel_f1_max: pixels.compute().f1Max.f1,
        'aupro_0.3': pixels.compute().aupro,
        'aupro_0.05': metrics.aupro(masks, float32, { ...set, limit: 0.05 }),
        pro_ddad_reference_200: metrics.aupro(masks, float32, { ...set, mode: 'ddad' }),
      };
    },
    {
      maps: [...(state.get('maps')!.data as Float32Array)],
      masks: [...(state.get('masks')!.data as Uint8Array)],
      shape: expected.shape,
    },
  );
  const spill = await page.evaluate(() => {
    const { metrics } = window as unknown as { metrics: typeof import('../src/index.js') };
    try {
      return new metrics.PixelMetrics({ spill: '/tmp' }).compute();
    } catch (error) {
      return (error as Error).message;
    }
  });
  expect(spill).toBe('PixelMetrics: spill writes files and needs Node 20.16 or later');
  for (const [key, value] of Object.entries(result)) expect(value, key).toBeCloseTo(expected[key], 9);
  await page.close();
});
