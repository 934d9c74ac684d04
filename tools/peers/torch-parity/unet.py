"""The UNet as a function of its state dict, for PyTorch. One description serves to make random weights and to run them:
`weights(name, shape)` gives a tensor, made or found."""
import math

import torch
from torch.nn import functional as F

MULTIPLIERS = {256: (1, 1, 2, 2, 4, 4), 128: (1, 1, 2, 3, 4), 64: (1, 2, 3, 4), 32: (1, 2, 3, 4)}


class Weights:
    """Tensors by name; with a generator those that are asked for and lack are made, about unit variance preserved."""

    def __init__(self, tensors=None, generator=None):
        self.tensors = {} if tensors is None else tensors
        self.generator = generator

    def __call__(self, name, *shape):
        if name not in self.tensors:
            if self.generator is None:
                raise KeyError(name)
            fan_in = math.prod(shape[1:]) if len(shape) > 1 else 100
            value = torch.empty(shape).uniform_(-1, 1, generator=self.generator) * math.sqrt(3 / fan_in)
            is_gain = len(shape) == 1 and name.endswith("weight")
            self.tensors[name] = 1 + value if is_gain else value
        found = self.tensors[name]
        assert tuple(found.shape) == shape, (name, tuple(found.shape), shape)
        return found


def unet(weights, x, t, base, heads, multipliers=None, blocks=2, attention=(32, 16, 8)):
    size = x.shape[-1]
    multipliers = multipliers or MULTIPLIERS[size]
    wide = 4 * base

    def affine(name, h, out):
        return F.linear(h, weights(f"{name}.weight", out, h.shape[-1]), weights(f"{name}.bias", out))

    def conv(name, h, out, kernel):
        weight = weights(f"{name}.weight", out, h.shape[1], kernel, kernel)
        return F.conv2d(h, weight, weights(f"{name}.bias", out), padding=kernel // 2)

    def norm(name, h):
        c = h.shape[1]
        return F.group_norm(h, 32, weights(f"{name}.weight", c), weights(f"{name}.bias", c), 1e-5)

    def resize(h, how):
        if how == "down":
            return F.avg_pool2d(h, 2)
        return F.interpolate(h, scale_factor=2, mode="nearest") if how == "up" else h

    def residual(name, h, out, how=None):
        inner = resize(F.silu(norm(f"{name}.in_layers.0", h)), how)
        inner = conv(f"{name}.in_layers.2", inner, out, 3)
        inner = inner + affine(f"{name}.embed_layers.1", embedding, out)[:, :, None, None]
        inner = conv(f"{name}.out_layers.3", F.silu(norm(f"{name}.out_layers.0", inner)), out, 3)
        short = resize(h, how)
        return inner + (short if short.shape[1] == out else conv(f"{name}.skip_connection", short, out, 1))

    def attend(name, h):
        n, c, rows, columns = h.shape
        width = c // heads

        def point(key, y, out):
            return F.conv1d(y, weights(f"{name}.{key}.weight", out, c, 1), weights(f"{name}.{key}.bias", out))

        qkv = point("to_qkv", norm(f"{name}.norm", h).flatten(2), 3 * c)
        q, k, v = qkv.reshape(n * heads, 3, width, -1).unbind(1)
        scores = torch.einsum("bci,bcj->bij", q, k) / math.sqrt(width)
        mixed = torch.einsum("bij,bcj->bci", scores.softmax(-1), v)
        return h + point("proj_out", mixed.reshape(n, c, -1), c).reshape(h.shape)

    angles = t.float()[:, None] * torch.exp(torch.arange(base // 2) * (-math.log(10000) / (base // 2)))
    embedding = affine("time_embedding.1", torch.cat([angles.sin(), angles.cos()], 1), wide)
    embedding = F.silu(affine("time_embedding.3", F.silu(embedding), wide))

    factors = [size // r for r in attention]
    h = conv("down.0.0", x, int(base * multipliers[0]), 3)
    skips, factor, index = [h], 1, 1
    for level, multiplier in enumerate(multipliers):
        width = int(base * multiplier)
        for _ in range(blocks):
            h = residual(f"down.{index}.0", h, width)
            if factor in factors:
                h = attend(f"down.{index}.1", h)
            skips.append(h)
            index += 1
        if level + 1 < len(multipliers):
            h = residual(f"down.{index}.0", h, width, "down")
            skips.append(h)
            index, factor = index + 1, factor * 2

    h = residual("middle.0", h, h.shape[1])
    h = residual("middle.2", attend("middle.1", h), h.shape[1])

    index = 0
    for level, multiplier in reversed(list(enumerate(multipliers))):
        width = int(base * multiplier)
        for block in range(blocks + 1):
            h = residual(f"up.{index}.0", torch.cat([h, skips.pop()], 1), width)
            part = 1
            if factor in factors:
                h, part = attend(f"up.{index}.1", h), 2
            if level and block == blocks:
                h, factor = residual(f"up.{index}.{part}", h, width, "up"), factor // 2
            index += 1
    return conv("out.2", F.silu(norm("out.0", h)), x.shape[1], 3)
