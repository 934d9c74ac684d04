import { decode } from 'image-js';
import { describe, expect, it } from 'vitest';
import { sampleImages } from '../testing/sample.js';
import { renderReport } from './render-report.js';

const options = { title: 'A report', images: sampleImages(6, [20, 24]), threshold: 0.3 };

/** The pictures of a kind, decoded. */
function pictures(html: string, kind: string) {
  const sources = html.matchAll(new RegExp(`<img class="${kind}"[^>]*base64,([^"]*)"`, 'g'));
  return [...sources].map(([, data]) => decode(Buffer.from(data, 'base64')).getRawImage());
}

describe('renderReport', () => {
  it('holds input, reconstruction, heat map and mask of every image, value by value', () => {
    const html = renderReport(options);
    options.images.forEach((image, i) => {
      expect(pictures(html, 'input')[i].data).toEqual(image.input);
      expect(pictures(html, 'reconstruction')[i].data).toEqual(image.reconstruction);
      expect(pictures(html, 'mask')[i].data).toEqual(image.mask!.map((m) => 255 * m));
      expect(pictures(html, 'heat')[i]).toMatchObject({ width: 24, height: 20, channels: 3 });
      expect(html).toContain(image.id);
    });
  });

  it('shows the scores that the threshold rests on', () => {
    const title = 'The threshold rests on 3 scores';
    expect(renderReport(options)).not.toContain('The threshold rests on');
    expect(renderReport({ ...options, calibrationScores: [] })).not.toContain('The threshold rests on');
    const html = renderReport({ ...options, calibrationScores: [0.1, 0.2, 0.7] });
    const chart = html.slice(html.indexOf(title), html.indexOf('</svg>', html.indexOf(title)));
    expect(chart.match(/<rect /g)!.length).toBeGreaterThanOrEqual(3);
    expect(chart).toContain('class="threshold"');
    expect(() => renderReport({ ...options, calibrationScores: [Number.NaN] })).toThrow(
      'renderReport: calibrationScores must be finite numbers, got NaN at index 0',
    );
  });

  it('refers to nothing outside itself and forbids requests', () => {
    const html = renderReport(options);
    expect(html).toContain("default-src 'none'; img-src data:");
    const addresses = [...html.matchAll(/(?:src|href)="([^"]*)"/g)].map(([, a]) => a);
    for (const address of addresses) expect(address).toMatch(/^(data:|#)/);
    expect(html).not.toMatch(/url\(|@import/);
    expect(html.replace('http://www.w3.org/2000/svg', '')).not.toMatch(
      /https?:\/\/(?!www\.w3\.org\/2000\/svg)/,
    );
  });

  it('escapes every text', () => {
    const evil = '</script><script>alert(1)</script><img src=x onerror=alert(2)>"\'&';
    const html = renderReport({
      ...options,
      title: evil,
      notes: [evil],
      images: options.images.map((image) => ({ ...image, id: evil, defect: evil })),
      metrics: { [evil]: 1 },
      baselines: { [evil]: { [evil]: 0.5 } },
      timing: { [evil]: 1 },
      config: { [evil]: evil },
    });
    expect([...html.matchAll(/<script/g)]).toHaveLength(1);
    expect([...html.matchAll(/<\/script/g)]).toHaveLength(1);
    expect(html).not.toContain('<img src=x');
    expect(html).not.toContain(`"${evil}`);
  });

  it('shows metrics beside baselines, timing, configuration, notes and the loss', () => {
    const html = renderReport({
      ...options,
      metrics: { imageAuroc: 0.91234, aupro: 0.5 },
      baselines: { 'mean / variance': { imageAuroc: 0.7 } },
      timing: { train: 185 },
      config: { model: { w: 4 } },
      notes: ['few images'],
      curves: {
        loss: [
          { step: 0, loss: 1 },
          { step: 10, loss: 0.5 },
        ],
        validation: [{ step: 10, loss: 0.03 }],
      },
    });
    expect(html).toContain('<tr><th scope="row">Image AUROC</th><td>0.9123</td><td>0.7000</td></tr>');
    expect(html).toContain('<tr><th scope="row">AUPRO</th><td>0.5000</td><td>–</td></tr>');
    expect(html).toContain('3 min 5 s');
    expect(html).toContain('&quot;w&quot;: 4');
    expect(html).toContain('<p>few images</p>');
    expect(html).toContain('<title>Training loss</title>');
    expect(html).toContain('<title>Reconstruction error, good images</title>');
  });

  it('reports what it can without masks, labels or reconstructions', () => {
    const bare = options.images.map(({ id, score, width, height, input, map }) => ({
      id,
      score,
      width,
      height,
      input,
      map,
    }));
    const html = renderReport({ ...options, images: bare });
    expect(html).toContain('6 images: 6 unlabelled');
    expect(html).toContain('Image scores');
    expect(html).not.toContain('ROC, images');
    expect(html).not.toContain('Reconstruction</th>');
    expect(html).not.toContain('Mask</th>');
    expect(html).not.toContain('id="metrics"');
    expect(html).toContain('id="count-flagged"');
    const labelled = renderReport({
      ...options,
      images: options.images.map(({ mask: _, ...image }) => image),
    });
    expect(labelled).toContain('ROC, images');
    expect(labelled).toContain('Image AUROC');
    expect(labelled).not.toContain('Region overlap');
    const some = renderReport({
      ...options,
      images: options.images.map((image, i) => ({ ...image, mask: i < 3 ? image.mask : undefined })),
    });
    expect(some).toContain('<span>none</span>');
    expect(some).toContain('Region overlap');
  });

  it('takes one image, constant maps and images of different sizes', () => {
    const [one] = sampleImages(1, [8, 8]);
    const flat = { ...one, map: new Float32Array(64).fill(2), score: 2 };
    expect(renderReport({ title: 'one', images: [flat], threshold: 2 })).toContain('1 image: 1 good');
    expect(renderReport({ ...options, images: [...options.images, one] })).not.toContain('Region overlap');
  });

  it('refuses what it cannot draw, naming the image', () => {
    const [image] = options.images;
    const render = (change: object) => () => renderReport({ ...options, images: [{ ...image, ...change }] });
    expect(() => renderReport({ ...options, images: [] })).toThrow(
      'renderReport: needs at least one image, got none',
    );
    expect(() => renderReport({ ...options, threshold: Number.NaN })).toThrow(
      'threshold must be a finite number, got NaN',
    );
    expect(() => renderReport({ ...options, mapRange: [1, 0] })).toThrow(
      'mapRange must be [low, high], got [1, 0]',
    );
    expect(render({ score: Number.NaN })).toThrow(
      `renderReport: image '${image.id}': score must be a finite number, got NaN`,
    );
    expect(render({ input: new Uint8Array(3) })).toThrow(
      'input: 24 x 20 pixels with 3 value(s) each need 1440, got 3',
    );
    expect(render({ mask: new Uint8Array(3) })).toThrow('mask: 24 x 20 pixels');
    expect(render({ reconstruction: new Uint8Array(3) })).toThrow('reconstruction: 24 x 20 pixels');
    expect(render({ label: 2 })).toThrow('label must be 0 or 1, got 2');
    expect(render({ map: new Float32Array(480).fill(Number.NaN) })).toThrow(
      'map must be finite, got NaN at index 0',
    );
  });
});
