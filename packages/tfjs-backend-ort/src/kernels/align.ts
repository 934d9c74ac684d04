import { isIdentity } from '../graph/transpose.js';
import type { Value } from '../graph/value.js';
import { commonLayout, expandRank, identity, inLayout, NHWC_IN_NCHW, type View } from '../graph/view.js';

/** Brings broadcastable views into one layout, so that ONNX's broadcasting means what tfjs's does. */
export function align(
  views: readonly View[],
  outShape: readonly number[],
): { values: Value[]; perm: readonly number[] } {
  const rank = outShape.length;
  const many = views.filter((view) => view.value.size !== 1).map((view) => expandRank(view, rank));
  const perm = fewChannelsInside(many, outShape)
    ? NHWC_IN_NCHW
    : many.length > 0
      ? commonLayout(many)
      : identity(rank);
  let next = 0;
  const values = views.map((view) => (view.value.size === 1 ? view.value : inLayout(many[next++], perm)));
  return { values, perm };
}

/**
 * Whether the views are an image batch with a few channels inside and one number per channel: ONNX Runtime would
 * broadcast a few elements at a time, and a convolution, which wants the channels outside, mostly follows.
 */
function fewChannelsInside(views: readonly View[], shape: readonly number[]): boolean {
  if (shape.length !== 4 || shape[3] > 8 || shape[1] * shape[2] < 1024) return false;
  const perChannel = views.some(({ value }) => value.size === shape[3]);
  return perChannel && views.every(({ value, perm }) => value.size === shape[3] || isIdentity(perm));
}
