import { conv2d, groupNorm, type LoadResult, ones, Parameters, type Scope, silu, zeros } from '@ddad/nn';
import { checkOptions } from '@ddad/options';
import { type StateDict, stripWrapperPrefixes } from '@ddad/weights';
import * as tf from '@tensorflow/tfjs';
import { attentionBlock } from './attention-block.js';
import type { GaussianModel } from './gaussian-model.js';
import { type Dropout, resBlock } from './res-block.js';
import { depthToSpace, spaceToDepth } from './space-to-depth.js';
import { timeEmbedding } from './time-embedding.js';
import { type ResolvedUNetOptions, resolveUNetOptions, type UNetOptions } from './unet-options.js';

type Block = (h: tf.Tensor4D, embedding: tf.Tensor2D, dropout: Dropout) => tf.Tensor4D;

/**
 * The denoising network of DDAD, from guided-diffusion's lineage: it predicts the noise in `x` at time `t`.
 * State-dict names and layouts are the reference's. Weights start random (seeded) and live in tfjs variables:
 * call `dispose` when done.
 */
export class UNet {
  readonly options: ResolvedUNetOptions;
  /** The model of good pictures that the network starts from, if `gaussianComponents` is given. */
  readonly gaussian?: GaussianModel;
  readonly #parameters: Parameters;
  readonly #embed: (t: tf.Tensor1D) => tf.Tensor2D;
  readonly #frequencies: tf.Variable;
  readonly #gaussianVariables: [keyof GaussianModel, tf.Variable][] = [];
  readonly #down: Block[] = [];
  readonly #middle: Block;
  readonly #up: Block[] = [];
  readonly #out: (h: tf.Tensor4D) => tf.Tensor4D;
  readonly #releases: (() => void)[] = [];
  /** [h, w, c] where dropout is applied, in forward order. */
  readonly #dropoutShapes: [number, number, number][] = [];

  constructor(options: UNetOptions) {
    this.options = resolveUNetOptions(options);
    const { imageSize, baseChannels, inChannels, heads, headChannels } = this.options;
    const { channelMultipliers, resBlocks, attentionResolutions, patch, seed } = this.options;
    this.#parameters = new Parameters({ seed });
    const root = this.#parameters.scope();
    const { gaussianComponents: k } = this.options;
    if (k) {
      const buffer = root.child('gaussian').buffer;
      const shape = [imageSize, imageSize, inChannels];
      const variables = {
        mean: buffer('mean', shape, { init: zeros }),
        components: buffer('components', [k, imageSize * imageSize * inChannels], { init: zeros }),
        variances: buffer('variances', [k], { init: ones }),
        residual: buffer('residual', [], { init: ones }),
      };
      this.#gaussianVariables = Object.entries(variables) as [keyof GaussianModel, tf.Variable][];
      this.gaussian = variables as unknown as GaussianModel;
    }

    const time = timeEmbedding(root.child('time_embedding'), { channels: baseChannels });
    this.#embed = time.embed;
    this.#frequencies = time.frequencies;

    const embedding = 4 * baseChannels;
    const side = imageSize / patch;
    const attentionFactors = attentionResolutions.map((r) => Math.floor(side / r));
    let factor = 1;
    const residual = (
      scope: Scope,
      inChannels: number,
      outChannels: number,
      resample?: 'up' | 'down',
    ): Block => {
      const size = side / (resample === 'up' ? factor / 2 : resample === 'down' ? factor * 2 : factor);
      this.#dropoutShapes.push([size, size, outChannels]);
      return resBlock(scope, { inChannels, outChannels, embedding, resample });
    };
    const attention = (scope: Scope, channels: number): Block =>
      attentionBlock(scope, { channels, heads: headChannels === -1 ? heads : channels / headChannels });

    const down = root.child('down');
    let channels = baseChannels * channelMultipliers[0];
    this.#down.push(
      conv2d(down.child(0).child(0), {
        inChannels: this.#inputChannels * patch ** 2,
        outChannels: channels,
        kernelSize: 3,
        padding: 1,
      }),
    );
    const skips = [channels];
    channelMultipliers.forEach((multiplier, level) => {
      const width = baseChannels * multiplier;
      for (let i = 0; i < resBlocks; i++) {
        const scope = down.child(this.#down.length);
        const blocks = [residual(scope.child(0), channels, width)];
        if (attentionFactors.includes(factor)) blocks.push(attention(scope.child(1), width));
        this.#down.push(sequence(blocks));
        channels = width;
        skips.push(channels);
      }
      if (level < channelMultipliers.length - 1) {
        this.#down.push(residual(down.child(this.#down.length).child(0), channels, channels, 'down'));
        skips.push(channels);
        factor *= 2;
      }
    });

    const middle = root.child('middle');
    this.#middle = sequence([
      residual(middle.child(0), channels, channels),
      attention(middle.child(1), channels),
      residual(middle.child(2), channels, channels),
    ]);

    const up = root.child('up');
    for (let level = channelMultipliers.length - 1; level >= 0; level--) {
      const width = baseChannels * channelMultipliers[level];
      for (let i = 0; i <= resBlocks; i++) {
        const scope = up.child(this.#up.length);
        const blocks = [residual(scope.child(0), channels + skips.pop()!, width)];
        if (attentionFactors.includes(factor)) blocks.push(attention(scope.child(1), width));
        if (level > 0 && i === resBlocks) {
          blocks.push(residual(scope.child(blocks.length), width, width, 'up'));
          factor /= 2;
        }
        this.#up.push(sequence(blocks));
        channels = width;
      }
    }

    const out = root.child('out');
    const outNorm = groupNorm(out.child(0), { channels });
    const outConv = conv2d(out.child(2), {
      inChannels: channels,
      outChannels: inChannels * patch ** 2,
      kernelSize: 3,
      padding: 1,
      zero: true,
    });
    this.#out = (h) => outConv(silu(outNorm(h)));
  }

  /**
   * Sets the model that the network starts from: that of the pictures it will be trained on, before the training.
   *
   * @param model of {@link fitGaussian}, with `gaussianComponents` components; copied
   */
  setGaussian(model: GaussianModel): void {
    this.#parameters.assertUsable('UNet.setGaussian');
    const { gaussian } = this;
    const { imageSize, inChannels, gaussianComponents } = this.options;
    const [h, w, c] = model.mean.shape;
    const [components] = model.components.shape;
    if (!gaussian || components !== gaussianComponents) {
      throw new Error(
        `UNet.setGaussian: needs a model of gaussianComponents (${gaussianComponents}), got one of ${components}`,
      );
    }
    if (h !== imageSize || w !== imageSize || c !== inChannels) {
      throw new Error(
        `UNet.setGaussian: needs a model of [${imageSize}, ${imageSize}, ${inChannels}], got one of [${model.mean.shape}]`,
      );
    }
    for (const [name, variable] of this.#gaussianVariables) variable.assign(model[name]);
  }

  /** The trainable variables, in state-dict order, tfjs layout. */
  get parameters(): tf.Variable[] {
    return [...this.#parameters.trainable.values()];
  }

  /** The trainable variables by state-dict name. */
  get namedParameters(): Map<string, tf.Variable> {
    return this.#parameters.trainable;
  }

  /** Everything that is read: the parameters, the constant frequencies of the time embedding and the Gaussian model. */
  get variables(): tf.Variable[] {
    return [
      ...this.parameters,
      this.#frequencies,
      ...this.#gaussianVariables.map(([, variable]) => variable),
    ];
  }

  /** The picture's; with a Gaussian model, its prediction comes beside it. */
  get #inputChannels(): number {
    const { inChannels, gaussianComponents } = this.options;
    return gaussianComponents ? 2 * inChannels : inChannels;
  }

  get parameterCount(): number {
    return this.parameters.reduce((sum, { size }) => sum + size, 0);
  }

  /** The shapes of the dropout masks of a batch of `n` images, in forward order; none if `dropout` is 0. */
  dropoutShapes(n: number): [number, number, number, number][] {
    return this.options.dropout > 0 ? this.#dropoutShapes.map(([h, w, c]) => [n, h, w, c]) : [];
  }

  /**
   * The predicted noise; with a Gaussian model, what `predictNoise` makes it from.
   *
   * @param x [n, imageSize, imageSize, inChannels], float32, images in [-1, 1] with noise; with a Gaussian model
   *   2 inChannels
   * @param t time step of each image, 0..T-1: a tensor [n], numbers, or one number for all
   * @param options.dropoutMasks while training: bool tensors of {@link dropoutShapes}, false where dropped.
   *   Without masks there is no dropout, as in evaluation.
   * @returns [n, imageSize, imageSize, inChannels]
   */
  forward(
    x: tf.Tensor4D,
    t: tf.Tensor1D | readonly number[] | number,
    options: { dropoutMasks?: readonly tf.Tensor[] } = {},
  ): tf.Tensor4D {
    this.#parameters.assertUsable('UNet.forward');
    checkOptions('UNet.forward', options, { dropoutMasks: true });
    const { dropoutMasks = [] } = options;
    const { imageSize, dropout: rate } = this.options;
    const inChannels = this.#inputChannels;
    const [n, h, w, c] = x.shape;
    if (x.rank !== 4 || h !== imageSize || w !== imageSize || c !== inChannels) {
      throw new Error(
        `UNet.forward: needs x of shape [n, ${imageSize}, ${imageSize}, ${inChannels}] (NHWC), got [${x.shape}]`,
      );
    }
    const given = t instanceof tf.Tensor ? t.size : typeof t === 'number' ? n : t.length;
    if (given !== n) throw new Error(`UNet.forward: needs ${n} time steps, one per image, got ${given}`);
    const expected = dropoutMasks.length ? this.dropoutShapes(n).length : 0;
    if (dropoutMasks.length !== expected) {
      throw new Error(`UNet.forward: needs ${expected} dropout masks, got ${dropoutMasks.length}`);
    }
    let used = 0;
    const dropout: Dropout = (h) =>
      expected ? tf.mul(h, tf.mul(tf.cast(dropoutMasks[used++], 'float32'), 1 / (1 - rate))) : h;

    return tf.tidy(() => {
      const steps =
        t instanceof tf.Tensor
          ? t
          : tf.tensor1d(typeof t === 'number' ? new Array(n).fill(t) : [...t], 'float32');
      const embedding = silu(this.#embed(steps));
      const skips: tf.Tensor4D[] = [];
      let h = spaceToDepth(x, this.options.patch);
      for (const block of this.#down) {
        h = block(h, embedding, dropout);
        skips.push(h);
      }
      h = this.#middle(h, embedding, dropout);
      for (const block of this.#up) h = block(tf.concat([h, skips.pop()!], 3), embedding, dropout);
      return depthToSpace(this.#out(h), this.options.patch);
    });
  }

  /**
   * Sets the weights from a state dict with the reference's names; the prefixes of wrappers
   * (`stripWrapperPrefixes`) are accepted.
   *
   * @param options.strict throw if a name is missing or unexpected. @default true
   * @returns the names that did not match; a shape that differs is always an error
   */
  loadStateDict(stateDict: StateDict, options: { strict?: boolean } = {}): LoadResult {
    checkOptions('UNet.loadStateDict', options, { strict: true });
    const { strict = true } = options;
    return this.#parameters.loadStateDict(stripWrapperPrefixes(stateDict), {
      strict,
      who: 'UNet.loadStateDict',
    });
  }

  /** The weights in PyTorch's names and layouts. */
  stateDict(): Promise<StateDict> {
    return this.#parameters.stateDict({ who: 'UNet.stateDict' });
  }

  /** Registers what is to be released with this network. */
  onDispose(release: () => void): void {
    this.#releases.push(release);
  }

  dispose(): void {
    for (const release of this.#releases.splice(0)) release();
    this.#parameters.dispose();
    this.#frequencies.dispose();
  }
}

function sequence(blocks: Block[]): Block {
  return (h, embedding, dropout) => blocks.reduce((value, block) => block(value, embedding, dropout), h);
}
