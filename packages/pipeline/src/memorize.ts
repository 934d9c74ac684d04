import { createScorer, featuresArchitecture, networksOf, type TaskOptions } from '@ddad/detector';
import { ensureManifest } from './checkpoint/ensure-manifest.js';
import { type Manifest, readManifest } from './checkpoint/manifest-file.js';
import { ensureMemory } from './checkpoint/memory-file.js';
import { hasAnyWeights, writeWeights } from './checkpoint/weights-file.js';
import type { Workspace } from './checkpoint/workspace.js';

/**
 * The first stage of a detector: remembers the features of the good images and calibrates with the memory alone. Leaves a
 * detector that works in the checkpoint folder; where there is one with this memory already, it stays as it is.
 *
 * @returns the detector's manifest, and whether it was made here
 * @throws {UserError} missing data or weights, an unwritable folder
 * @throws {InterruptedError} `signal` was fired
 */
export async function memorizeIn(
  workspace: Workspace,
  { onProgress, onNotice, signal }: TaskOptions,
): Promise<{ manifest: Manifest; isNew: boolean }> {
  const { config, folder } = workspace;
  const task = { onProgress, onNotice, signal };
  await workspace.claim();
  const images = await workspace.images();
  const engine = await workspace.engine();
  const backbone = await workspace.backbone();
  const features = await writeWeights(folder, 'features', 0, {
    stateDict: await backbone.stateDict(),
    architecture: featuresArchitecture(config),
  });
  const { memory, file } = await ensureMemory(folder, { ...task, config, backbone, features, images });
  // not disposed as a whole: the extractor stays the workspace's
  const networks = networksOf({ backbone, memory });
  const scorer = createScorer(config, { networks, engine });
  try {
    const present = await readManifest(folder).catch(() => undefined);
    if (present?.unet && present.memory?.sha256 === file.sha256 && (await hasAnyWeights(folder, 'unet'))) {
      return { manifest: present, isNew: false };
    }
    const manifest = await ensureManifest(folder, {
      ...task,
      config,
      files: { unet: null, features, memory: file },
      scorer,
      images: async () => images,
    });
    return { manifest, isNew: true };
  } finally {
    scorer.dispose();
    memory.dispose();
  }
}
