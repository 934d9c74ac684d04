import type { Polygons } from '../api/answers.js';
import type { ShownRegion } from '../draw/regions-at.js';
import { s } from './h.js';

interface Around {
  /** Of the picture, pixels. */
  size: { width: number; height: number };
  /** Null: all of it is judged. */
  region: Polygons | null;
}

/** Frames around the regions, and a veil over what is not judged. */
export function marks() {
  const element = s('svg', { class: 'marks', preserveAspectRatio: 'none', 'aria-hidden': 'true' });
  return {
    element,
    show(regions: readonly ShownRegion[], { size: { width, height }, region }: Around): void {
      element.setAttribute('viewBox', `0 0 ${width} ${height}`);
      const veils = region ? veil(region, { width, height }) : [];
      element.replaceChildren(
        ...veils,
        ...regions.flatMap((box) => {
          const { x, y, width, height } = box;
          return ['halo', 'edge'].map((name) => s('rect', { class: `region ${name}`, x, y, width, height }));
        }),
      );
    },
  };
}

/** Paths over what is not judged. */
function veil({ include, ignore }: Polygons, size: Around['size']): SVGElement[] {
  const outline = (polygon: Polygons['include'][number]) =>
    `M${polygon.map(([x, y]) => `${x * size.width} ${y * size.height}`).join('L')}Z`;
  const veils: SVGElement[] = [];
  if (include.length > 0) {
    const all = `M0 0H${size.width}V${size.height}H0Z`;
    veils.push(s('path', { class: 'veil', 'fill-rule': 'evenodd', d: all + include.map(outline).join('') }));
    veils.push(s('path', { class: 'include', d: include.map(outline).join('') }));
  }
  if (ignore.length > 0) veils.push(s('path', { class: 'veil ignore', d: ignore.map(outline).join('') }));
  return veils;
}
