import type { DatasetProblem } from '../check/problem.js';
import { stem, toId } from './files.js';

/** A file and the name it goes by: its path below some folder, with `/`, without extension, in Unicode NFC. */
export interface Named {
  key: string;
  path: string;
  /** A mask that has one belongs to an image of the same, e.g. of the same split. */
  scope?: string;
}

/** Names `paths` by where they are below `folder`. */
export function named(folder: string, paths: readonly string[]): Named[] {
  return paths.map((path) => ({ key: stem(toId(folder, path)).normalize('NFC'), path }));
}

/**
 * Finds the mask of each image: `a/x.png` or `a/x_mask.png` of the masks, `_mask` in any case, is that of `a/x.*` of
 * the images.
 *
 * A mask whose image is not there by its path may lie nearer to the top than the image, if only one image without a
 * mask below bears its name: `x_mask.png` is that of `a/x.*` unless there is `b/x.*`, too.
 *
 * @returns masks by the path of their image, and a problem for images with several masks and masks that may belong to
 * several images: none of these are in `masks`
 */
export function matchMasks(
  images: readonly Named[],
  masks: readonly Named[],
  name: (path: string) => string,
): { masks: Map<string, string>; problems: DatasetProblem[] } {
  const found = new Map<string, string>();
  const problems: DatasetProblem[] = [];
  const claimed = new Set<Named>();
  /** Gives each mask the one image it claims, unless others claim it, too. */
  const settle = (all: readonly Claim[]) => {
    const claims = all.filter((claim) => claim.images.length > 0);
    const wanted = new Set(claims.flatMap((claim) => claim.images));
    for (const image of wanted) claimed.add(image);
    if (claims.every((claim) => claim.images.length === 1) && wanted.size === claims.length) {
      for (const { images: these, mask } of claims) found.set(these[0]!.path, mask.path);
    } else {
      const rivals = claims.map(({ mask }) => mask);
      problems.push(ambiguous([...wanted], rivals, name));
    }
  };

  const imagesOf = group(images, ({ key }) => key);
  const masksOf = group(masks, ({ key }) => {
    const bare = key.replace(/_mask$/i, '');
    return imagesOf.has(key) && !imagesOf.has(bare) ? key : bare;
  });
  const left: { key: string; mask: Named }[] = [];
  for (const [key, theirs] of masksOf) {
    const claims = theirs.map((mask) => ({ mask, images: (imagesOf.get(key) ?? []).filter(fits(mask)) }));
    settle(claims);
    for (const { mask, images: these } of claims) if (these.length === 0) left.push({ key, mask });
  }

  const without = group(
    images.filter((image) => !claimed.has(image)),
    ({ key }) => lastPart(key),
  );
  for (const [last, theirs] of group(left, ({ key }) => lastPart(key))) {
    settle(
      theirs.map(({ key, mask }) => {
        const folder = key.slice(0, key.length - last.length);
        const below = (without.get(last) ?? []).filter((image) => image.key.startsWith(folder));
        return { mask, images: below.filter(fits(mask)) };
      }),
    );
  }
  return { masks: found, problems };
}

interface Claim {
  mask: Named;
  images: Named[];
}

function fits({ scope }: Named): (image: Named) => boolean {
  return (image) => scope === undefined || scope === image.scope;
}

function ambiguous(
  these: readonly Named[],
  theirs: readonly Named[],
  name: (path: string) => string,
): DatasetProblem {
  const images = these.map(({ path }) => name(path));
  const masks = theirs.map(({ path }) => name(path));
  const oneImage = images.length === 1;
  return {
    severity: 'error',
    code: 'ambiguous-mask',
    message: oneImage
      ? `${images[0]} has ${masks.length} masks: ${masks.join(' and ')}`
      : `${masks.join(' and ')} may be the mask of ${images.join(' or of ')}`,
    remedy: oneImage
      ? 'Delete all masks of the image but one.'
      : 'Keep each mask under the path of its image (a/000_mask.png for a/000.png), and no two images of one name in a folder.',
    paths: [...images, ...masks],
  };
}

function group<T>(all: readonly T[], keyOf: (one: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const one of all) {
    const key = keyOf(one);
    const same = groups.get(key);
    if (same) same.push(one);
    else groups.set(key, [one]);
  }
  return groups;
}

function lastPart(key: string): string {
  return key.slice(key.lastIndexOf('/') + 1);
}
