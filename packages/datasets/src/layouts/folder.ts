import { basename, resolve } from 'node:path';
import type { Sample } from '../sample.js';
import { assertWithoutMasks, chooseTraining } from './choose-training.js';
import { isFolder, nativePath, pathBelow } from './files.js';
import { folderRole } from './folder-names.js';
import { findMasks, type Layout, sample } from './layout.js';
import { type FoundImage, survey } from './survey.js';

/**
 * A user's own images, sorted by the names of their folders (README: 'Your own images').
 *
 * Trained on are, whichever there is first: in `train` the folders of good images or, without any, all that is there;
 * the folders of good images beside the others; all images that are in no folder of tests or masks.
 *
 * @throws {DatasetError} the names leave open which images are good; images in a folder whose name says that they are
 * anomalous are never trained on
 */
export const folder: Layout = async (options) => {
  const { root: top, category } = options;
  const root = category === undefined ? top : await pathBelow(top, category);
  if (!(await isFolder(root))) throw new Error(`openDataset: there is no folder ${root}`);
  const testFolder = await givenFolder(options.test, 'test');
  const truth = await givenFolder(options.masks, 'masks');

  const own = await survey(root, { except: [testFolder, truth].filter((path) => path !== undefined) });
  const train = await chooseTraining(root, { top, ...own });
  const tested = own.images.filter(({ split }) => split === 'test');
  const drawn = own.masks;
  if (testFolder !== undefined) {
    const { label } = folderRole(basename(testFolder));
    const given = await survey(testFolder, {
      except: truth === undefined ? [] : [truth],
      known: { split: 'test', label: label === 'unclear' ? undefined : label },
    });
    // What is given takes the place of what is found.
    tested.splice(0, tested.length, ...given.images);
    drawn.push(...given.masks);
  }
  if (truth !== undefined) drawn.push(...(await survey(truth, { known: { isMasks: true } })).masks);

  const chosen = new Set(train);
  const left = own.images.filter((image) => !chosen.has(image));
  tested.push(...left.filter(({ split, label }) => split === undefined && isSorted(label)));
  // Without a folder for tests, that for validation serves, or the defects that nothing is trained on.
  const validation = left.filter(({ split }) => split === 'validation');
  if (tested.length === 0) tested.push(...validation.splice(0));
  if (tested.length === 0) {
    tested.push(...left.filter(({ split, label }) => split === 'train' && label === 'defect'));
  }

  const anomalous = [...tested, ...validation].filter(({ label }) => label !== 'good');
  const masks = findMasks(anomalous, drawn, options);
  const used = new Set(masks.values());
  assertWithoutMasks(root, {
    top,
    images: train.filter(({ label }) => label === undefined),
    masks: drawn.filter(({ path }) => !used.has(path)),
  });
  const masked = new Set(drawn.flatMap(({ key }) => key.split('/').slice(0, -1)));
  const toSample = (split: Sample['split']) => (image: FoundImage) => {
    const maskPath = masks.get(image.path);
    return sample(top, image.path, { split, ...labelOf(image, { masked, maskPath }), maskPath });
  };
  const result = {
    folder: root,
    train: train.map((image) => sample(top, image.path, { split: 'train', label: 0, defect: 'good' })),
    test: tested.map(toSample('test')),
  };
  return validation.length === 0 ? result : { ...result, validation: validation.map(toSample('validation')) };
};

async function givenFolder(given: string | undefined, option: string): Promise<string | undefined> {
  if (given === undefined) return undefined;
  const path = resolve(nativePath(given));
  if (!(await isFolder(path))) throw new Error(`openDataset: option ${option}: there is no folder ${given}`);
  return path;
}

function isSorted(label: FoundImage['label']): boolean {
  return label === 'good' || label === 'defect';
}

/** `masked` are the names of the folders that masks are in: these are defects, too. */
function labelOf(
  { label, defect, key }: FoundImage,
  { masked, maskPath }: { masked: ReadonlySet<string>; maskPath: string | undefined },
): Pick<Sample, 'label' | 'defect'> {
  if (label === 'good') return { label: 0, defect: 'good' };
  if (label === 'defect') return { label: 1, defect };
  const folder = key.includes('/') ? key.slice(0, key.indexOf('/')) : undefined;
  if (folder !== undefined && masked.has(folder)) return { label: 1, defect: folder };
  return { label: maskPath === undefined ? undefined : 1, defect: 'unknown' };
}
