import type { DetectorDetail, DetectorSummary } from '../../../src/schemas.js';
import { Emitter } from './emitter.js';
import { isAnomalous, type Picture } from './picture.js';

/** What the list shows. */
export type Filter = 'all' | 'anomalous' | 'good' | 'unjudged';

/** What the page shows, and who wants to know when it changes. */
export class Model extends Emitter<{
  /** Another detector or version. */
  detector: undefined;
  /** Pictures were added or taken away. */
  pictures: undefined;
  picture: Picture;
  selected: undefined;
  threshold: undefined;
  filter: undefined;
  /** A person has judged a picture, or a detector came with judgements. */
  judged: undefined;
  /** Told to the person. */
  notice: { text: string; isError: boolean };
}> {
  names: string[] = [];
  detector: DetectorDetail | null = null;
  pictures: Picture[] = [];
  selected: Picture | null = null;
  /** The handle's, which may differ from the detector's until it is saved. */
  threshold = 1;
  filter: Filter = 'all';

  setDetectors(all: readonly DetectorSummary[]): void {
    this.names = all.map(({ name }) => name);
  }

  setDetector(detector: DetectorDetail): void {
    this.detector = detector;
    this.threshold = detector.threshold.value;
    this.emit('detector', undefined);
    this.emit('threshold', undefined);
  }

  setThreshold(value: number): void {
    this.threshold = value;
    this.emit('threshold', undefined);
  }

  add(pictures: readonly Picture[]): void {
    this.pictures.push(...pictures);
    this.emit('pictures', undefined);
    if (!this.selected && pictures[0]) this.select(pictures[0]);
  }

  select(picture: Picture | null): void {
    this.selected = picture;
    this.emit('selected', undefined);
  }

  setFilter(filter: Filter): void {
    this.filter = filter;
    this.emit('filter', undefined);
  }

  isShown(picture: Picture): boolean {
    if (this.filter === 'all') return true;
    if (this.filter === 'unjudged') return picture.said === null;
    return isAnomalous(picture, this.threshold) === (this.filter === 'anomalous');
  }

  /** Selects the next shown picture, `step` places on, or stays. */
  go(step: number): void {
    const shown = this.pictures.filter((each) => this.isShown(each) || each === this.selected);
    const at = this.selected ? shown.indexOf(this.selected) : -1;
    const next = shown[Math.min(Math.max(at + step, 0), shown.length - 1)];
    if (next && next !== this.selected) this.select(next);
  }

  notice(text: string, isError = false): void {
    this.emit('notice', { text, isError });
  }
}
