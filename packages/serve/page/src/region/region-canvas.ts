import { s } from '../view/h.js';
import type { Corner, RegionDraft } from './region-draft.js';

/** Nearer than this to its first corner a click closes a polygon, in fractions of the picture. */
const near = 0.02;
/** A pointer that moved further has drawn a rectangle. */
const moved = 0.01;

/** Where a region is drawn: over the picture, by dragging rectangles or clicking corners. */
export function regionCanvas(frame: HTMLElement) {
  const svg = s('svg', { class: 'drawing-area', viewBox: '0 0 1 1', preserveAspectRatio: 'none' });
  let draft: RegionDraft | undefined;
  let from: Corner | undefined;
  let to: Corner | undefined;
  const cornerOf = ({ clientX, clientY }: PointerEvent): Corner => {
    const { left, top, width, height } = frame.getBoundingClientRect();
    return [(clientX - left) / width, (clientY - top) / height];
  };
  const distance = ([ax, ay]: Corner, [bx, by]: Corner) => Math.max(Math.abs(ax - bx), Math.abs(ay - by));

  const draw = () => {
    if (!draft) return;
    const path = (corners: readonly Corner[]) => `M${corners.map((corner) => corner.join(' ')).join('L')}`;
    const shapes: SVGElement[] = draft.areas.map(({ kind, corners }) =>
      s('path', { class: `area ${kind}`, d: `${path(corners)}Z` }),
    );
    if (draft.open.length > 0) {
      shapes.push(
        s('path', { class: `area open ${draft.kind}`, d: path(to ? [...draft.open, to] : draft.open) }),
      );
    }
    if (from && to && draft.open.length === 0 && distance(from, to) > moved) {
      const [[ax, ay], [bx, by]] = [from, to];
      shapes.push(s('path', { class: `area ${draft.kind}`, d: `M${ax} ${ay}H${bx}V${by}H${ax}Z` }));
    }
    svg.replaceChildren(...shapes);
  };

  svg.addEventListener('pointerdown', (event) => {
    if (event.button !== 0) return;
    svg.setPointerCapture(event.pointerId);
    from = cornerOf(event);
    to = from;
  });
  svg.addEventListener('pointermove', (event) => {
    if (!from && !draft?.open.length) return;
    to = cornerOf(event);
    draw();
  });
  svg.addEventListener('pointerup', (event) => {
    if (!draft || !from) return;
    const end = cornerOf(event);
    const start = from;
    from = undefined;
    const { open } = draft;
    if (open.length === 0 && distance(start, end) > moved) draft.addRectangle(start, end);
    else if (open.length >= 3 && distance(open[0], end) < near) draft.close();
    else draft.addCorner(end);
    to = undefined;
  });
  svg.addEventListener('dblclick', () => draft?.close());

  return {
    draw,
    edit(next: RegionDraft | undefined): void {
      draft = next;
      frame.classList.toggle('drawing', next !== undefined);
      if (next) frame.append(svg);
      else svg.remove();
      draw();
    },
  };
}
