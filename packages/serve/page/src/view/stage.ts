import { paintHeat } from '../draw/heat-layer.js';
import { mapOf, type PlacedMap } from '../draw/map-of.js';
import { place } from '../draw/place.js';
import { regionsAt } from '../draw/regions-at.js';
import type { Model } from '../model/model.js';
import type { Picture, Seen } from '../model/picture.js';
import { caption } from './caption.js';
import { h } from './h.js';
import { marks } from './marks.js';
import { wipe } from './wipe.js';

/** What lies over the picture. */
export type Layer = 'heat' | 'reconstruction' | 'none';

/** The selected picture, with heat map or reconstruction over it, and the regions. */
export class Stage {
  readonly element: HTMLElement;
  /** Holds the picture and what lies over it. */
  readonly frame: HTMLElement;
  readonly wipe = wipe();
  readonly #image = h('img', { class: 'shown', alt: '' });
  readonly #heat = h('canvas', { class: 'heat' });
  readonly #reconstruction = h('canvas', { class: 'reconstruction', hidden: true });
  readonly #marks = marks();
  readonly #caption = caption();
  readonly #empty: HTMLElement;
  /** The map of the picture shown. */
  #map: { of: Seen; map: PlacedMap } | undefined;
  #layer: Layer = 'heat';
  #regions = true;

  constructor(
    private readonly model: Model,
    empty: HTMLElement,
  ) {
    this.#empty = empty;
    const layers = h('div', { class: 'layers' }, this.#heat, this.#reconstruction);
    this.frame = h('div', { class: 'frame' }, this.#image, layers, this.#marks.element, this.wipe.line);
    this.wipe.drives(this.frame, layers);
    this.element = h(
      'figure',
      { class: 'stage', hidden: true },
      h('div', { class: 'well' }, this.frame),
      this.#caption.element,
    );
    model.on('selected', () => this.show());
    model.on('picture', (picture) => picture === model.selected && this.show());
    model.on('threshold', () => this.#paint());
    model.on('detector', () => this.show());
  }

  setLayer(layer: Layer): void {
    this.#layer = layer;
    this.#paint();
  }

  setRegions(isShown: boolean): void {
    this.#regions = isShown;
    this.#paint();
  }

  async show(): Promise<void> {
    const { selected, detector } = this.model;
    this.element.hidden = selected === null;
    this.#empty.hidden = selected !== null;
    if (!selected || !detector) return;
    if (this.#image.getAttribute('src') !== selected.url) this.#image.src = selected.url;
    this.#image.alt = selected.name;
    const { seen } = selected;
    if (!seen) {
      this.#map = undefined;
      this.#image.onload = () => this.#fit(this.#image.naturalWidth, this.#image.naturalHeight);
      return this.#paint();
    }
    this.#image.onload = null;
    this.#fit(seen.width, seen.height);
    if (this.#map?.of !== seen) {
      const map = await mapOf({ seen, url: selected.url }, detector);
      if (this.model.selected?.seen !== seen) return;
      this.#map = { of: seen, map };
      await this.#paintReconstruction(seen, map);
    }
    this.#paint();
  }

  /** The frame has the picture's shape, so that everything over it can be placed in percent. */
  #fit(width: number, height: number): void {
    this.frame.style.aspectRatio = `${width} / ${height}`;
    this.frame.style.setProperty('--shape', String(width / height));
  }

  async #paintReconstruction({ reconstruction, width, height }: Seen, map: PlacedMap): Promise<void> {
    const canvas = this.#reconstruction;
    canvas.width = map.width;
    canvas.height = map.height;
    if (!reconstruction) return;
    canvas.getContext('2d')!.drawImage(await createImageBitmap(reconstruction), 0, 0);
    place(canvas, map, { width, height });
  }

  #paint(): void {
    const { selected, threshold, detector } = this.model;
    if (!selected) return;
    const shown = this.#map && selected.seen === this.#map.of ? this.#map : undefined;
    const layer = this.#layer === 'reconstruction' && !shown?.of.reconstruction ? 'heat' : this.#layer;
    this.#heat.hidden = !shown || layer !== 'heat';
    this.#reconstruction.hidden = !shown || layer !== 'reconstruction';
    this.wipe.line.hidden = !shown || layer === 'none';
    const regions = shown ? regionsAt(shown.map, threshold) : [];
    if (shown && layer === 'heat') {
      paintHeat(this.#heat, shown.map, threshold);
      place(this.#heat, shown.map, shown.of);
    }
    this.#marks.show(this.#regions ? regions : [], {
      size: shown?.of ?? { width: 1, height: 1 },
      region: detector?.regionOfInterest ?? null,
    });
    this.#caption.show(selected as Picture, { threshold, regions });
  }
}
