import { describe, expect, it } from 'vitest';
import { renderIndex } from './render-index.js';

describe('renderIndex', () => {
  it('puts published values beside, links reports, means over what is there', () => {
    const html = renderIndex({
      title: 'MVTec <AD>',
      categories: [
        {
          name: 'bottle',
          href: 'bottle/report.html',
          metrics: { imageAuroc: 0.9, aupro: 0.8 },
          published: { imageAuroc: 1 },
        },
        { name: '<b>', metrics: { imageAuroc: 0.7 } },
      ],
    });
    expect(html).toContain(
      '<a href="bottle/report.html">bottle</a></th><td>0.9000</td><td>1.0000</td><td>0.8000</td>',
    );
    expect(html).toContain('&lt;b&gt;</th><td>0.7000</td><td>–</td><td>–</td>');
    expect(html).toContain('Mean</th><td>0.8000</td><td>1.0000</td><td>0.8000</td>');
    expect(html).toContain('Image AUROC, paper');
    expect(html).toContain('MVTec &lt;AD&gt;');
  });

  it('refuses nothing', () => {
    expect(() => renderIndex({ title: 'x', categories: [] })).toThrow(
      'renderIndex: needs at least one category, got none',
    );
  });
});
