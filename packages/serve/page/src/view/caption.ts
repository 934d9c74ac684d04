import type { ShownRegion } from '../draw/regions-at.js';
import type { Picture } from '../model/picture.js';
import { counted, format } from './format.js';
import { h } from './h.js';
import { verdictOf } from './picture-list.js';

const words = { anomalous: 'Anomalous', good: 'Good', failed: 'Could not be judged', waiting: 'Waiting…' };

/** Name, verdict and numbers of the picture shown. */
export function caption() {
  const name = h('span', { class: 'name' });
  const verdict = h('strong', { class: 'verdict' });
  const numbers = h('span', { class: 'numbers' });
  const element = h('figcaption', { class: 'caption' }, verdict, name, numbers);
  return {
    element,
    show(
      picture: Picture,
      { threshold, regions }: { threshold: number; regions: readonly ShownRegion[] },
    ): void {
      const found = verdictOf(picture, threshold);
      element.dataset.verdict = found;
      verdict.textContent = words[found];
      name.textContent = picture.name;
      name.title = picture.name;
      numbers.textContent = picture.reason ?? numbersOf(picture, regions);
    },
  };
}

function numbersOf({ seen }: Picture, regions: readonly ShownRegion[]): string {
  if (!seen) return '';
  const [first] = regions;
  const where = first
    ? `${counted(regions.length, 'region')}, the strongest ${first.width} × ${first.height} px at ${first.x}, ${first.y}`
    : 'no region';
  const doubt = seen.foreign ? 'unlike all good pictures: is it one of this part? · ' : '';
  return `${doubt}score ${format(seen.score)} · ${where} · ${seen.width} × ${seen.height} px · version ${seen.version} · ${Math.round(seen.took)} ms`;
}
