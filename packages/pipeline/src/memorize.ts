import { createScorer, featuresArchitecture, networksOf, type TaskOptions } from '@ddad/detector';
import { ensureManifest } from './checkpoint/ensure-manifest.js';
import { findManifest, type Manifest } from './checkpoint/manifest-file.js';
import { ensureMemory } from './checkpoint/memory-file.js';
import { hasAnyWeights, writeWeights } from './checkpoint/weights-file.js';
import type { Workspace } from './checkpoint/workspace.js';
import { suspiciousImages } from './memory/suspicious-images.js';

/** What the first stage has made. */
export interface FirstStage {
  manifest: Manifest;
  /** Made here, and not found in the folder. */
  isNew: boolean;
  /** Seconds until the detector was in the folder. */
  seconds: number;
}

/**
 * The first stage of a detector: remembers the features of the good images and calibrates with the memory alone. Leaves a
 * detector that works in the checkpoint folder; where there is one with this memory already, it stays as it is.
 *
 * Training images that look unlike the others are named in a notice.
 *
 * @throws {UserError} missing data or weights, an unwritable folder
 * @throws {InterruptedError} `signal` was fired
 */
export async function memorizeIn(
  workspace: Workspace,
  {
    onProgress,
    onNotice,
    signal,
    onReady,
  }: TaskOptions & {
    /** Called when the detector is in the folder. */
    onReady?: (stage: FirstStage) => void;
  },
): Promise<FirstStage> {
  const { config, folder } = workspace;
  const task = { onProgress, onNotice, signal };
  await workspace.claim();
  const images = await workspace.images();
  const engine = await workspace.engine();
  const { backbone, pretrained } = await workspace.pretrained();
  const features = await writeWeights(folder, 'features', 0, {
    stateDict: await backbone.stateDict(),
    architecture: featuresArchitecture(config),
    pretrained,
  });
  const { memory, file } = await ensureMemory(folder, { ...task, config, backbone, features, images });
  // not disposed as a whole: the extractor stays the workspace's
  const networks = networksOf({ backbone, memory });
  const scorer = createScorer(config, { networks, engine });
  try {
    const present = await findManifest(folder);
    if (present?.unet && present.memory?.sha256 === file.sha256 && (await hasAnyWeights(folder, 'unet'))) {
      return { manifest: present, isNew: false, seconds: 0 };
    }
    const manifest = await ensureManifest(folder, {
      ...task,
      config,
      files: { unet: null, features, memory: file },
      scorer,
      images: async () => images,
    });
    const seconds = (performance.now() - workspace.began) / 1000;
    onReady?.({ manifest, isNew: true, seconds });
    const suspicious = await suspiciousImages(images.training, {
      ...{ onProgress, signal, scorer, masks: images.trainingMasks },
      pictures: images.trainingPlaces.map(({ picture }) => picture),
    });
    if (suspicious.length) {
      const names = suspicious.slice(0, 5).map((i) => images.trainingIds[i]);
      onNotice?.(
        `${suspicious.length} of ${images.trainingIds.length} training images look unlike the others; remove those that are not good: ` +
          `${names.join(', ')}${suspicious.length > names.length ? ', ...' : ''}`,
      );
    }
    return { manifest, isNew: true, seconds };
  } finally {
    scorer.dispose();
    memory.dispose();
  }
}
