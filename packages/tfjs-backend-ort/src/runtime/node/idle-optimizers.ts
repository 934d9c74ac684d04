/**
 * ONNX Runtime's optimizers that look for what no graph of this backend has: quantised weights, float16, dropout, the attention
 * of language models. Each takes two or three passes over a graph, a fiftieth of the time to load a large one.
 */
const ALWAYS = [
  'AttentionFusion',
  'BiasDropoutFusion',
  'DoubleQDQPairsRemover',
  'DynamicQuantizeMatMulFusion',
  'EmbedLayerNormFusion',
  'EnsureUniqueDQForNodeUnit',
  'FuseFp16InitializerToFp32NodeTransformer',
  'GatherSliceToSplitFusion',
  'GatherToSliceFusion',
  'GroupQueryAttentionFusion',
  'GroupQueryAttentionPreNormFusion',
  'MatMulIntegerToFloatFusion',
  'MatMulNBitsFusion',
  'NhwcTransformer',
  'QDQFinalCleanupTransformer',
  'QDQPropagationTransformer',
  'QDQS8ToU8Transformer',
  'QDQSelectorActionTransformer',
  'SliceConcatToSpaceToDepthFusion',
  'WeightBiasQuantization',
  'WhereDummyDq',
];

/** Those of DirectML's provider alone. */
const ELSEWHERE = ['MatMulActivationFusion'];

/** Ops of which one must be in a graph for the optimizer to find anything. */
const NEEDS: Record<string, readonly string[]> = {
  BiasGeluFusion: ['Erf', 'Tanh'],
  BiasSkipLayerNormFusion: ['Pow'],
  BiasSoftmaxFusion: ['Softmax'],
  FastGeluFusion: ['Tanh'],
  GeluFusionL1: ['Erf'],
  GeluFusionL2: ['Erf'],
  LayerNormFusionL1: ['Pow'],
  LayerNormFusionL2: ['Pow'],
  QuickGeluFusion: ['Sigmoid'],
  ReshapeFusion: ['Shape'],
  SimplifiedLayerNormFusion: ['Pow'],
  SkipLayerNormFusion: ['Pow'],
};

/** Names of the optimizers that would find nothing in a graph. */
export function idleOptimizers({
  opTypes,
  shared,
  isCpu,
}: {
  opTypes: ReadonlySet<string>;
  /** Whether no two nodes compute the same. */
  shared: boolean;
  isCpu: boolean;
}): string[] {
  const missing = Object.keys(NEEDS).filter((name) => !NEEDS[name].some((type) => opTypes.has(type)));
  return [
    ...ALWAYS,
    ...(isCpu ? ELSEWHERE : []),
    ...missing,
    ...(shared ? ['CommonSubexpressionElimination'] : []),
  ];
}
