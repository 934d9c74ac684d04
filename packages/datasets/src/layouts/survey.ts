import { basename, dirname } from 'node:path';
import { type IgnoredFiles, walkImages } from '../walk-images.js';
import { stem, toId } from './files.js';
import { folderRole } from './folder-names.js';
import type { Named } from './match-masks.js';

/** What the names of folders say of the images in them. */
interface Said {
  split?: 'train' | 'validation' | 'test';
  /** `unclear` where the names do not say it, or contradict each other. */
  label?: 'good' | 'defect' | 'unclear';
  /** Name of the folder that says `defect`. */
  defect: string;
  /** The folder that decided last, relative to the one surveyed, with `/`; empty for that itself. */
  place: string;
  /** What is above the first folder that decided something; undefined as long as none did. */
  container?: string;
}

/** An image of a folder's tree; its key leaves out the folders that name a split or masks. */
export interface FoundImage extends Named, Said {}

export interface Survey {
  images: FoundImage[];
  /** Images in folders of masks, and `x_mask.png` beside `x.png`. */
  masks: Named[];
  /** What is said of each folder but those of masks, with or without images. */
  folders: Said[];
  ignored: IgnoredFiles[];
}

export interface SurveyOptions {
  /** Folders to leave out. */
  except?: readonly string[];
  /** What is known of everything below. */
  known?: Pick<Said, 'split' | 'label'> & { isMasks?: true };
}

/**
 * Reads the tree below `root` by the names of its folders (`folderRole`): a folder beside a good one holds images with
 * the defect of its name, if the name says nothing else.
 */
export async function survey(root: string, { except = [], known = {} }: SurveyOptions = {}): Promise<Survey> {
  const walked = await walkImages(root, { except });
  const children = new Map<string, string[]>();
  for (const path of walked.folders) {
    const parent = dirname(path);
    children.set(parent, [...(children.get(parent) ?? []), basename(path)]);
  }
  const readings = new Map<string, Reading>([
    [root, { isMasks: false, ...known, defect: basename(root), place: '', key: [] }],
  ]);
  // Sorted, so that a folder comes after the one it is in.
  for (const path of walked.folders) {
    const above = readings.get(dirname(path))!;
    const siblings = children.get(dirname(path))!;
    readings.set(path, read(basename(path), above, { siblings, place: toId(root, path) }));
  }

  const images: FoundImage[] = [];
  const masks: Named[] = [];
  const keys = new Set(walked.images.map((path) => withoutExtension(path)));
  for (const path of walked.images) {
    const { key: parts, isMasks, ...said } = readings.get(dirname(path))!;
    const key = [...parts, stem(basename(path))].join('/').normalize('NFC');
    const own = withoutExtension(path).replace(/_mask$/i, '');
    if (isMasks || (own !== withoutExtension(path) && keys.has(own)))
      masks.push({ key, path, scope: said.split });
    else images.push({ key, path, scope: said.split, ...said });
  }
  const folders = [...readings.values()].filter(({ isMasks }) => !isMasks);
  return { images, masks, folders, ignored: walked.ignored };
}

interface Reading extends Said {
  key: string[];
  isMasks: boolean;
}

function read(
  name: string,
  above: Reading,
  { siblings, place }: { siblings: readonly string[]; place: string },
): Reading {
  const role = folderRole(name);
  const isMasks =
    role.isMasks === true || (LABELS.test(name) && siblings.some((other) => IMAGES.test(other)));
  const isBare = isMasks || IMAGES.test(name) || (role.split !== undefined && role.label === undefined);
  const result: Reading = {
    ...above,
    key: isBare ? above.key : [...above.key, name],
    isMasks: above.isMasks || isMasks,
  };
  const label = labelBeside(name, siblings);
  if (role.split !== undefined) result.split ??= role.split;
  if (label !== undefined && above.label === undefined) {
    result.label = label;
    result.defect = name;
  } else if (role.label !== undefined && role.label !== above.label) {
    result.label = 'unclear';
  }
  if (result.label !== above.label || result.split !== above.split) {
    result.place = place;
    result.container ??= place.slice(0, Math.max(place.length - name.length - 1, 0));
  }
  return result;
}

const IMAGES = /^(images?|imgs?)$/i;
/** Where labelling programs put drawings beside `images`. */
const LABELS = /^(labels?|annotations?|segmentations?)$/i;

const NUMBERED = /^(class|label|target|category)?[\s_-]?[01]$/i;

function labelBeside(name: string, siblings: readonly string[]): Said['label'] {
  const role = folderRole(name);
  if (role.label !== undefined) return role.label;
  // Classes by number: nobody knows which is which.
  if (siblings.length === 2 && siblings.every((each) => NUMBERED.test(each))) return 'unclear';
  if (role.split !== undefined || role.isNeutral || role.isMasks) return undefined;
  return siblings.some((other) => folderRole(other).label === 'good') ? 'defect' : undefined;
}

function withoutExtension(path: string): string {
  return stem(path).normalize('NFC');
}
