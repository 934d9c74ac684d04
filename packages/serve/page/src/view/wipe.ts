import { h } from './h.js';

/** A slider between the picture and what lies over it: to the right of the line is what lies over it. */
export function wipe() {
  const line = h('div', { class: 'wipe-line', 'aria-hidden': 'true' }, h('span'));
  const range = h('input', { type: 'range', id: 'wipe', min: 0, max: 100, step: 1, value: 0 });
  let layers: HTMLElement | undefined;
  const apply = () => {
    const share = Number(range.value);
    line.style.left = `${share}%`;
    if (layers) layers.style.clipPath = `inset(0 0 0 ${share}%)`;
    range.setAttribute('aria-valuetext', `${share} % of the picture uncovered`);
  };
  range.addEventListener('input', apply);
  apply();
  return {
    line,
    range,
    /** Dragging on the frame moves the line too. */
    drives(frame: HTMLElement, over: HTMLElement): void {
      layers = over;
      apply();
      const follow = ({ clientX }: PointerEvent) => {
        const { left, width } = frame.getBoundingClientRect();
        range.value = String(Math.round((100 * (clientX - left)) / width));
        apply();
      };
      frame.addEventListener('pointerdown', (event) => {
        if (event.button !== 0 || frame.classList.contains('drawing')) return;
        frame.setPointerCapture(event.pointerId);
        follow(event);
        frame.addEventListener('pointermove', follow);
        const end = () => frame.removeEventListener('pointermove', follow);
        frame.addEventListener('pointerup', end, { once: true });
        frame.addEventListener('pointercancel', end, { once: true });
      });
    },
  };
}
