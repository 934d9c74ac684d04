import type { Pixels } from '@ddad/images';
import { CATEGORIES } from './categories.js';
import { changedPixels, differences } from './changed-pixels.js';
import type { Defect } from './defect.js';
import { fillGaps } from './fill-gaps.js';
import { LARGE_DEFECTS } from './large/large-defects.js';
import { MARKS } from './marks/marks.js';
import { between, type Random, stream } from './random.js';
import { drawView, type Flaw, render } from './render.js';
import type { Scene } from './scene.js';

export interface DrawOptions {
  category: string;
  seed: number;
  height: number;
  width: number;
  /** Folder of the image in the data set: images of different folders differ. */
  folder: string;
  /** Number of the image in its folder. */
  index: number;
}

export interface DefectiveImage {
  image: Pixels;
  /** The same picture without the defect. */
  clean: Pixels;
  /** 255 on the defect, 0 elsewhere; one channel. */
  mask: Pixels;
}

export function drawGood(options: DrawOptions): Pixels {
  return prepare(options).draw().image;
}

/** `defect` is one that the category has. */
export function drawDefective(options: DrawOptions, defect: string): DefectiveImage {
  const { width, height } = options;
  const view = prepare(options);
  const clean = view.draw().image;
  const attempt = view.category.changes ? drawAnySize : drawLarge;
  for (let i = 0; ; i++) {
    const { image, mask, isSeen } = attempt(view, defect, view.random(`defect${i}`), clean);
    // A defect that lies mostly outside the image, or on a ground of its own colour, is drawn again elsewhere.
    if (isSeen || (i === ATTEMPTS && !view.category.changes)) {
      return { image, clean, mask: { data: mask, width, height, channels: 1 } };
    }
    if (i === ATTEMPTS) {
      throw new Error(
        `makeSynthetic: '${defect}' cannot be seen at ${width} x ${height}; choose a larger size`,
      );
    }
  }
}

const ATTEMPTS = 50;

function prepare({ category: name, seed, folder, index, height, width }: DrawOptions) {
  const category = CATEGORIES[name]!;
  const random = (part: string) => stream(seed, name, folder, index, part);
  const scene = category.create(random('scene'));
  const view = drawView(random('view'), category.variation);
  const draw = (drawn: Scene = scene, flaw: Flaw = {}) =>
    render(drawn, view, random('noise'), { height, width }, flaw);
  return { category, random, scene, draw };
}

type Prepared = ReturnType<typeof prepare>;

/** One of the large defects; the mask is what it covers. */
function drawLarge({ scene, draw }: Prepared, defect: string, random: Random) {
  const flaw =
    defect === 'missing' ? { gap: scene.gap!(random) } : { defect: LARGE_DEFECTS[defect]!(random, scene) };
  const { image, coverage } = draw(scene, flaw);
  const mask = Uint8Array.from(coverage, (share) => (share >= MASKED ? 255 : 0));
  const area = mask.reduce((sum, value) => sum + value, 0) / 255 / mask.length;
  return { image, mask, isSeen: area >= 0.006 };
}

/** Coverage from which a pixel belongs to the mask of a large defect. */
const MASKED = 0.25;

/** A mark of any size, or a part that is wrong; the mask is what it changes. */
function drawAnySize(view: Prepared, defect: string, random: Random, clean: Pixels) {
  const { category, scene, draw } = view;
  const mark = MARKS[defect];
  const { image } = mark
    ? draw(scene, { defect: onSurface(scene, mark(random, scene, drawExtent(random))) })
    : draw(category.create(view.random('scene'), { name: defect, random }));
  const { width, height } = image;
  const difference = differences(image, clean);
  const mask = changedPixels(difference);
  const changes = difference.filter((_, i) => mask[i] !== 0);
  const mean = changes.reduce((sum, value) => sum + value, 0) / changes.length;
  const isSeen = changes.length >= 4 && mean >= (mark ? 18 : 12);
  const radius = Math.ceil(0.02 * Math.min(width, height));
  return { image, isSeen, mask: mark ? mask : fillGaps(mask, width, height, radius) };
}

/** From 1 % of the shorter side, which is 2 long, to 40 %, each octave as often. */
function drawExtent(random: Random): number {
  return Math.exp(between(random, Math.log(0.02), Math.log(0.8)));
}

/** What lies beside an object is not marked. */
function onSurface(scene: Scene, defect: Defect): Defect {
  return (u, v, color, lu, lv) => (scene.covers(u, v) ? defect(u, v, color, lu, lv) : 0);
}
