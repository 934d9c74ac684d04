import { basename, dirname, join } from 'node:path';
import { DatasetError } from '../dataset-error.js';
import { describeIgnored, entriesOf } from '../walk-images.js';
import { stem, toId } from './files.js';
import { isDefectName } from './folder-names.js';
import { matchMasks, type Named } from './match-masks.js';
import type { FoundImage, Survey } from './survey.js';

/**
 * The images of a surveyed folder to train on; none if there are no images at all.
 *
 * @param root the folder; `top` is that of the data set
 * @throws {DatasetError} the names of the folders leave open which images are good
 */
export async function chooseTraining(
  root: string,
  { top, images, folders, ignored }: Pick<Survey, 'images' | 'folders' | 'ignored'> & { top: string },
): Promise<FoundImage[]> {
  const below = (places: readonly string[]) => places.map((place) => toId(top, join(root, place)));
  const isTrain = ({ split }: { split?: string }) => split === 'train';
  const hasTrain = folders.some(isTrain);
  const isCandidate = (one: { split?: string }) => (hasTrain ? isTrain(one) : one.split === undefined);
  const candidates = images.filter(isCandidate);
  const unclear = candidates.filter(({ label }) => label === 'unclear');
  if (unclear.length > 0) throw whichAreGood(root, images, unclear, below);

  if (folders.some((one) => isCandidate(one) && one.label === 'good')) {
    const good = candidates.filter(({ label }) => label === 'good');
    oneContainer(root, good, below);
    return orNone(root, good, { images, ignored });
  }
  const defects = candidates.filter(({ label }) => label === 'defect');
  if (defects.length > 0) throw whichAreGood(root, images, defects, below);
  if (hasTrain) oneContainer(root, candidates, below);
  else if (candidates.length > 0 && isDefectName(basename(root))) {
    throw question(
      `the folder ${root} bears the name of defects, and nothing in it the name of good images`,
      'Give the folder of the good images as root and this one as test, or rename it if its images are good.',
      [],
    );
  }
  await assertNotAnnotated(candidates);
  return orNone(root, candidates, { images, ignored });
}

/** @throws {DatasetError} there are no training images, but others */
function orNone(
  root: string,
  chosen: FoundImage[],
  { images, ignored }: Pick<Survey, 'images' | 'ignored'>,
): FoundImage[] {
  if (chosen.length > 0 || images.length === 0) return chosen;
  const unread = ignored.length > 0 ? `; not read are ${describeIgnored(ignored)}` : '';
  throw question(
    `no training images in ${root}: there are only ${describe(images)}${unread}`,
    "Put good images, other ones than those of the tests, in a folder 'train/good'.",
    [],
  );
}

/** Several data sets beside each other are not one. */
function oneContainer(
  root: string,
  images: readonly FoundImage[],
  below: (places: readonly string[]) => string[],
): void {
  const containers = [...new Set(images.map(({ container = '' }) => container))];
  if (containers.length < 2) return;
  throw question(
    `${root} holds several data sets: ${listed(containers.map((name) => name || 'its own images'))}`,
    'Give one of them as category, or as root.',
    below(containers),
  );
}

function whichAreGood(
  root: string,
  images: readonly FoundImage[],
  doubtful: readonly FoundImage[],
  below: (places: readonly string[]) => string[],
): DatasetError {
  const doubts = [...counted(doubtful).keys()];
  const what = doubtful.some(({ label }) => label === 'defect') ? 'defects by name' : 'good or not';
  return question(
    `which images in ${root} are good? There are ${describe(images)}; ${what}: ${listed(doubts)}`,
    "Put the good ones in a folder 'good' and those of each defect in one of its name, or give the folder of the good ones as root and that of the others as test.",
    below(doubts),
  );
}

/** Images with drawn objects are anomalous, as a rule: those of `_annotations.coco.json`, `x.txt`, `x.xml`, `x.json`. */
async function assertNotAnnotated(images: readonly FoundImage[]): Promise<void> {
  const folders = new Map<string, Set<string>>();
  for (const { path } of images) {
    const stems = folders.get(dirname(path)) ?? new Set();
    folders.set(dirname(path), stems.add(stem(basename(path))));
  }
  for (const [folder, stems] of folders) {
    const places = [folder, ...(/^images?$/i.test(basename(folder)) ? [`${folder}/../labels`] : [])];
    for (const place of places) {
      const names = await namesIn(place);
      const found = names.find(
        (name) => /^_annotations\./.test(name) || (/\.(txt|xml|json)$/i.test(name) && stems.has(stem(name))),
      );
      if (found === undefined) continue;
      throw question(
        `the images in ${folder} are annotated (${found}), so that some of them may be anomalous`,
        "Put the good images in a folder 'good', those with defects in another beside it.",
        [],
      );
    }
  }
}

/** @throws {DatasetError} some of `images`, which nobody calls good, have masks */
export function assertWithoutMasks(
  root: string,
  { top, images, masks }: { top: string; images: readonly FoundImage[]; masks: readonly Named[] },
): void {
  const name = (path: string) => toId(top, path);
  const { masks: found, problems } = matchMasks(images, masks, name);
  const paths = [...[...found].flat().map(name), ...problems.flatMap((problem) => problem.paths)];
  if (paths.length === 0) return;
  throw question(
    `some of the images in ${root} that would be trained on have masks: ${listed(paths)}`,
    "Put the good images in a folder 'good', those with defects in another beside it.",
    paths,
  );
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return (await entriesOf(folder)).filter(({ isFolder }) => !isFolder).map(({ name }) => name);
  } catch (error) {
    if (((error as Error).cause as NodeJS.ErrnoException)?.code === 'ENOENT') return [];
    throw error;
  }
}

function question(message: string, remedy: string, paths: string[]): DatasetError {
  return new DatasetError('openDataset', [
    { severity: 'error', code: 'unclear-folders', message, remedy, paths },
  ]);
}

/** `nok (12 images), photos (1 image)`: the folders that say something of their images. */
function describe(images: readonly FoundImage[]): string {
  return listed([...counted(images)].map(([place, n]) => `${place} (${n} image${n === 1 ? '' : 's'})`));
}

function counted(images: readonly FoundImage[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { place, key } of images) {
    const [first = ''] = key.split('/');
    const name = place || (key.includes('/') ? first : 'the folder itself');
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return counts;
}

/** At most six names. */
function listed(names: readonly string[]): string {
  return names.length > 6 ? `${names.slice(0, 5).join(', ')} and ${names.length - 5} more` : names.join(', ');
}
