/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
import type { regionPixels } from '@ddad/metrics';
import type { guidedFilter, guidedRegion } from '@ddad/metrics/regions';

/** What the page's script knows of an image. */
export interface ClientImage {
  name: string;
  defect: string;
  /** -1 if unknown. */
  label: number;
  score: number;
}

/** Data of {@link client}. */
export interface ClientData {
  images: ClientImage[];
  threshold: number;
  /** Map values of the first and last of the 256 heat map levels. */
  range: readonly [number, number];
  /** The heat map's colours, each r << 16 | g << 8 | b. */
  palette: number[];
  /** Of what was seen at once, where images were put together from tiles, pixels. */
  side?: number;
}

/** Functions of @ddad/metrics that {@link client} uses. */
export interface ClientMetrics {
  regionPixels: typeof regionPixels;
  guidedRegion: typeof guidedRegion;
  guidedFilter: typeof guidedFilter;
}

/**
 * The script of the page. It is embedded as its own source text, so it must not use anything from outside; the
 * levels of a map are read back from the colours of its heat map.
 *
 * @param metrics of @ddad/metrics, embedded likewise: what its `defectPixels` consists of
 */
export function client(data: ClientData, { regionPixels, guidedRegion, guidedFilter }: ClientMetrics): void {
  const $ = <T extends Element>(selector: string, root: ParentNode = document) =>
    root.querySelector(selector) as T;
  const slider = $<HTMLInputElement>('#slider');
  const number = $<HTMLInputElement>('#number');
  const order = $<HTMLSelectElement>('#order');
  const defect = $<HTMLSelectElement>('#defect');
  const outcome = $<HTMLSelectElement>('#outcome');
  const dialog = $<HTMLDialogElement>('#viewer');
  const body = $<HTMLTableSectionElement>('#table tbody');
  const rows = [...body.rows];
  const levelOf = new Map(data.palette.map((color, level) => [color, level]));
  const visible = new Set<HTMLTableRowElement>();
  const stale = new Set(rows);
  let threshold = data.threshold;
  let scheduled = false;

  const imageOf = (row: HTMLTableRowElement) => data.images[Number(row.dataset.index)];
  const text = (value: number) => String(Number(value.toPrecision(4)));

  function result({ label, score }: ClientImage): { key: string; text: string } {
    const anomalous = score >= threshold;
    if (label < 0)
      return anomalous ? { key: 'flagged', text: 'anomalous' } : { key: 'passed', text: 'normal' };
    if (label === 1) return anomalous ? { key: 'tp', text: '✓ detected' } : { key: 'fn', text: '✗ missed' };
    return anomalous ? { key: 'fp', text: '✗ false alarm' } : { key: 'tn', text: '✓ passed' };
  }

  function update(): void {
    const counts: Record<string, number> = { tp: 0, fp: 0, tn: 0, fn: 0, flagged: 0, passed: 0 };
    for (const row of rows) {
      const { key, text } = result(imageOf(row));
      counts[key]++;
      const verdict = $<HTMLElement>('.verdict', row);
      verdict.textContent = text;
      verdict.dataset.result = key;
      stale.add(row);
    }
    for (const [key, count] of Object.entries(counts)) {
      const target = document.getElementById(`count-${key}`);
      if (target) target.textContent = String(count);
    }
    const rate = (part: number, whole: number) => (whole === 0 ? '–' : (part / whole).toFixed(3));
    const precision = document.getElementById('precision');
    if (precision) precision.textContent = rate(counts.tp, counts.tp + counts.fp);
    const recall = document.getElementById('recall');
    if (recall) recall.textContent = rate(counts.tp, counts.tp + counts.fn);
    slider.value = String(threshold);
    slider.setAttribute('aria-valuetext', `threshold ${text(threshold)}`);
    if (document.activeElement !== number) number.value = text(threshold);
    const line = document.querySelector<SVGLineElement>('line.threshold');
    if (line) {
      const { low, high, left, right } = line.dataset as Record<string, string>;
      const share = Math.min(Math.max((threshold - Number(low)) / (Number(high) - Number(low)), 0), 1);
      const x = Number(left) + share * (Number(right) - Number(left));
      line.setAttribute('x1', String(x));
      line.setAttribute('x2', String(x));
    }
    filter();
    schedule();
  }

  function setThreshold(value: number): void {
    if (!Number.isFinite(value)) return;
    threshold = value;
    update();
  }

  function schedule(): void {
    if (scheduled) return;
    scheduled = true;
    requestAnimationFrame(() => {
      scheduled = false;
      for (const row of visible) if (stale.delete(row)) void drawRow(row);
      if (dialog.open) void drawDialog();
    });
  }

  /** Rows that nobody looks at yet, one at a time: a print shows all of them. */
  async function drawRest(): Promise<void> {
    for (const row of rows) {
      if (stale.delete(row)) await drawRow(row);
      await new Promise((resolve) => setTimeout(resolve));
    }
    document.documentElement.dataset.drawn = 'all';
  }

  async function pixels(image: HTMLImageElement | null): Promise<Uint8ClampedArray | undefined> {
    if (!image) return undefined;
    const copy = new Image();
    copy.src = image.src;
    await copy.decode();
    const canvas = document.createElement('canvas');
    canvas.width = copy.naturalWidth;
    canvas.height = copy.naturalHeight;
    const context = canvas.getContext('2d', { willReadFrequently: true }) as CanvasRenderingContext2D;
    context.drawImage(copy, 0, 0);
    return context.getImageData(0, 0, canvas.width, canvas.height).data;
  }

  /** Whether a level of this image's map is at or above the threshold; its boundary level follows the score. */
  function predicate(score: number): (level: number) => boolean {
    const [low, high] = data.range;
    if (threshold > high) return () => false;
    const bin = high > low ? Math.min(Math.floor(((threshold - low) / (high - low)) * 256), 255) : 0;
    return (level) => level > bin || (level === bin && score >= threshold);
  }

  async function draw(row: HTMLTableRowElement, canvas: HTMLCanvasElement): Promise<void> {
    const [input, heat, mask] = await Promise.all(
      ['.input', '.heat', '.mask'].map((kind) => pixels(row.querySelector<HTMLImageElement>(`img${kind}`))),
    );
    if (!input || !heat) return;
    const { width, height } = canvas;
    const above = predicate(imageOf(row).score);
    const map = new Float64Array(width * height);
    const image = new Uint8Array(3 * width * height);
    const truth = new Uint8Array(width * height);
    // a level stands for the values around its middle
    const [low, high] = data.range;
    const middleOf = (level: number) => low + ((level + 0.5) / 256) * (high - low);
    for (let i = 0; i < map.length; i++) {
      const level = levelOf.get((heat[4 * i] << 16) | (heat[4 * i + 1] << 8) | heat[4 * i + 2]) ?? 0;
      map[i] = middleOf(level);
      for (let c = 0; c < 3; c++) image[3 * i + c] = input[4 * i + c];
      truth[i] = mask && mask[4 * i] > 127 ? 1 : 0;
    }
    const first = data.palette.findIndex((_, level) => above(level));
    const from = first < 0 ? Number.POSITIVE_INFINITY : middleOf(first);
    const shape: [number, number] = [height, width];
    const side = data.side ?? Math.max(height, width);
    const predicted = guidedRegion(
      regionPixels(map, shape, from, undefined, side),
      { shape, map, threshold: from, image, side },
      guidedFilter,
    );
    const count = predicted.reduce((a, b) => a + b, 0);
    const edge = (region: Uint8Array, i: number) => {
      const x = i % width;
      return (
        region[i] === 1 &&
        !(x > 0 && region[i - 1] && x < width - 1 && region[i + 1] && region[i - width] && region[i + width])
      );
    };
    const out = new ImageData(width, height);
    for (let i = 0; i < predicted.length; i++) {
      const color = edge(truth, i) ? [86, 224, 255] : edge(predicted, i) ? [255, 120, 20] : undefined;
      for (let c = 0; c < 3; c++) {
        const shade = predicted[i] ? 0.65 * input[4 * i + c] + 0.35 * [255, 120, 20][c] : input[4 * i + c];
        out.data[4 * i + c] = color ? color[c] : shade;
      }
      out.data[4 * i + 3] = 255;
    }
    (canvas.getContext('2d') as CanvasRenderingContext2D).putImageData(out, 0, 0);
    const share = ((100 * count) / predicted.length).toFixed(1);
    canvas.setAttribute('aria-label', `prediction: ${share} % of the pixels`);
    canvas.dataset.pixels = String(count);
  }

  function drawRow(row: HTMLTableRowElement): Promise<void> {
    return draw(row, $<HTMLCanvasElement>('canvas', row));
  }

  function filter(): void {
    let shown = 0;
    for (const row of rows) {
      const { key } = result(imageOf(row));
      const matches =
        outcome.value === 'all' ||
        outcome.value === key ||
        (outcome.value === 'wrong' && (key === 'fp' || key === 'fn'));
      row.hidden = !matches || (defect.value !== '' && imageOf(row).defect !== defect.value);
      if (!row.hidden) shown++;
    }
    $('#shown').textContent = `${shown} of ${rows.length} images`;
    $<HTMLElement>('#empty').hidden = shown > 0;
  }

  function sort(): void {
    const [key, direction] = order.value.split('-');
    const sign = direction === 'down' ? -1 : 1;
    const names = new Intl.Collator('en', { numeric: true });
    rows.sort((a, b) => {
      const [x, y] = [imageOf(a), imageOf(b)];
      const byKey =
        key === 'score'
          ? x.score - y.score
          : key === 'defect'
            ? names.compare(x.defect, y.defect)
            : names.compare(x.name, y.name);
      return sign * byKey || names.compare(x.name, y.name);
    });
    body.append(...rows);
    for (const button of document.querySelectorAll<HTMLButtonElement>('button.sort')) {
      const head = button.closest('th') as HTMLElement;
      if (button.dataset.sort === key) head.setAttribute('aria-sort', sign < 0 ? 'descending' : 'ascending');
      else head.removeAttribute('aria-sort');
    }
  }

  async function drawDialog(): Promise<void> {
    const row = rows.find((r) => r.dataset.index === dialog.dataset.index);
    const canvas = dialog.querySelector('canvas');
    if (row && canvas) await draw(row, canvas);
  }

  function show(row: HTMLTableRowElement): void {
    const { name, defect, score } = imageOf(row);
    dialog.dataset.index = row.dataset.index;
    $('#viewer-name').textContent = name;
    $('#viewer-text').textContent = `${defect}, score ${text(score)}, ${$('.verdict', row).textContent}`;
    const figures = [...row.querySelectorAll<HTMLElement>('td.picture:not(.none)')].map((cell) => {
      const figure = document.createElement('figure');
      const caption = document.createElement('figcaption');
      caption.textContent = cell.dataset.title as string;
      figure.append((cell.firstElementChild as Element).cloneNode(true), caption);
      return figure;
    });
    $('#viewer-figures').replaceChildren(...figures);
    if (!dialog.open) dialog.showModal();
    void drawDialog();
  }

  function step(by: number): void {
    const shown = rows.filter((row) => !row.hidden);
    const at = shown.findIndex((row) => row.dataset.index === dialog.dataset.index);
    if (shown.length > 0) show(shown[(at + by + shown.length) % shown.length]);
  }

  slider.addEventListener('input', () => setThreshold(Number(slider.value)));
  number.addEventListener('input', () => number.value !== '' && setThreshold(Number(number.value)));
  number.addEventListener('blur', update);
  $('#reset').addEventListener('click', () => setThreshold(data.threshold));
  defect.addEventListener('change', filter);
  outcome.addEventListener('change', filter);
  order.addEventListener('change', sort);
  for (const button of document.querySelectorAll<HTMLButtonElement>('button.sort')) {
    button.addEventListener('click', () => {
      const key = button.dataset.sort as string;
      order.value = order.value === `${key}-down` ? `${key}-up` : `${key}-down`;
      sort();
    });
  }
  body.addEventListener('click', (event) => {
    const target = event.target as Element;
    const row = target.closest('tr');
    if (row && target.closest('button.open, td.picture')) show(row);
  });
  $('#viewer-close').addEventListener('click', () => dialog.close());
  $('#viewer-previous').addEventListener('click', () => step(-1));
  $('#viewer-next').addEventListener('click', () => step(1));
  dialog.addEventListener('keydown', (event) => {
    if (event.key === 'ArrowLeft') step(-1);
    if (event.key === 'ArrowRight') step(1);
  });
  dialog.addEventListener('click', (event) => event.target === dialog && dialog.close());

  const observer = new IntersectionObserver(
    (entries) => {
      for (const entry of entries) {
        const row = entry.target as HTMLTableRowElement;
        if (entry.isIntersecting) visible.add(row);
        else visible.delete(row);
      }
      schedule();
    },
    { rootMargin: '300px' },
  );
  for (const row of rows) observer.observe(row);
  sort();
  update();
  addEventListener('beforeprint', () => void drawRest());
  addEventListener('load', () => setTimeout(() => void drawRest(), 500));
}
