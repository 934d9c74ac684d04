import { fromAxis, onAxis, type ScoreAxis } from '../draw/score-axis.js';
import { format } from '../view/format.js';
import { h } from '../view/h.js';

export interface ThresholdHandle {
  element: HTMLElement;
  /** Puts it where the threshold is. */
  show(axis: ScoreAxis, threshold: number, spoken: string): void;
}

/** A line across the histogram that is dragged, or moved with the arrow keys. */
export function thresholdHandle({ onMove }: { onMove: (threshold: number) => void }): ThresholdHandle {
  const label = h('span', { class: 'handle-label' });
  const handle = h(
    'div',
    {
      class: 'handle',
      role: 'slider',
      tabindex: 0,
      'aria-label': 'Threshold',
      'aria-orientation': 'horizontal',
    },
    label,
  );
  const element = h('div', { class: 'track' }, handle);
  let axis: ScoreAxis = { low: 0, high: 1, isLogarithmic: false };
  let share = 0;
  const moveTo = (to: number) => onMove(fromAxis(axis, Math.min(Math.max(to, 0), 1)));
  handle.addEventListener('keydown', (event) => {
    const step = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -10, PageUp: 10 }[
      event.key
    ];
    if (step !== undefined) moveTo(share + (step * (event.shiftKey ? 0.1 : 1)) / 200);
    else if (event.key === 'Home') moveTo(0);
    else if (event.key === 'End') moveTo(1);
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  element.addEventListener('pointerdown', (event) => {
    if (event.button !== 0) return;
    event.preventDefault();
    handle.focus({ preventScroll: true });
    element.setPointerCapture(event.pointerId);
    const follow = ({ clientX }: PointerEvent) => {
      const { left, width } = element.getBoundingClientRect();
      moveTo((clientX - left) / width);
    };
    follow(event);
    element.addEventListener('pointermove', follow);
    const end = () => element.removeEventListener('pointermove', follow);
    element.addEventListener('pointerup', end, { once: true });
    element.addEventListener('pointercancel', end, { once: true });
  });
  return {
    element,
    show(onto, threshold, spoken) {
      axis = onto;
      share = onAxis(axis, threshold);
      handle.style.left = `${100 * share}%`;
      handle.classList.toggle('flip', share > 0.75);
      label.textContent = format(threshold);
      handle.setAttribute('aria-valuemin', format(axis.low));
      handle.setAttribute('aria-valuemax', format(axis.high));
      handle.setAttribute('aria-valuenow', format(threshold));
      handle.setAttribute('aria-valuetext', spoken);
    },
  };
}
