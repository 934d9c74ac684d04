"""The networks of the benchmark in plain PyTorch, with the sizes of the TypeScript ones; weights are random."""
import math

import torch
import torch.nn.functional as F
from torch import nn


def norm(channels):
    return nn.GroupNorm(32, channels, eps=1e-5)


class ResBlock(nn.Module):
    def __init__(self, inside, outside, width, resample=None):
        super().__init__()
        self.resample = resample
        self.norm1, self.conv1 = norm(inside), nn.Conv2d(inside, outside, 3, padding=1)
        self.embed = nn.Linear(width, outside)
        self.norm2, self.conv2 = norm(outside), nn.Conv2d(outside, outside, 3, padding=1)
        self.skip = nn.Identity() if inside == outside else nn.Conv2d(inside, outside, 1)

    def forward(self, x, e):
        h = F.silu(self.norm1(x))
        if self.resample == "down":
            h, x = F.avg_pool2d(h, 2), F.avg_pool2d(x, 2)
        elif self.resample == "up":
            h, x = F.interpolate(h, scale_factor=2), F.interpolate(x, scale_factor=2)
        h = self.conv1(h) + self.embed(e)[:, :, None, None]
        return self.skip(x) + self.conv2(F.silu(self.norm2(h)))


class Attention(nn.Module):
    def __init__(self, channels, heads):
        super().__init__()
        self.heads = heads
        self.norm, self.qkv = norm(channels), nn.Conv1d(channels, 3 * channels, 1)
        self.out = nn.Conv1d(channels, channels, 1)

    def forward(self, x, _):
        n, c, h, w = x.shape
        width = c // self.heads
        qkv = self.qkv(self.norm(x).reshape(n, c, h * w)).reshape(n * self.heads, 3 * width, h * w)
        q, k, v = qkv.split(width, dim=1)
        s = width**-0.25
        weights = torch.softmax(torch.bmm((q * s).transpose(1, 2), k * s), dim=-1)
        mixed = torch.bmm(v, weights.transpose(1, 2)).reshape(n, c, h * w)
        return x + self.out(mixed).reshape(n, c, h, w)


class UNet(nn.Module):
    def __init__(self, size, base, heads, images=3):
        super().__init__()
        multipliers = {256: (1, 1, 2, 2, 4, 4), 128: (1, 1, 2, 3, 4), 64: (1, 2, 3, 4), 32: (1, 2, 3, 4)}[size]
        factors, width, factor = [size // r for r in (32, 16, 8)], 4 * base, 1
        self.base = base
        self.time = nn.Sequential(nn.Linear(base, width), nn.SiLU(), nn.Linear(width, width))
        self.first = nn.Conv2d(images, base, 3, padding=1)
        self.down, self.up = nn.ModuleList(), nn.ModuleList()
        channels, skips = base, [base]
        for level, m in enumerate(multipliers):
            for _ in range(2):
                blocks = [ResBlock(channels, base * m, width)]
                channels = base * m
                if factor in factors:
                    blocks.append(Attention(channels, heads))
                self.down.append(nn.ModuleList(blocks))
                skips.append(channels)
            if level < len(multipliers) - 1:
                self.down.append(nn.ModuleList([ResBlock(channels, channels, width, "down")]))
                skips.append(channels)
                factor *= 2
        self.middle = nn.ModuleList(
            [ResBlock(channels, channels, width), Attention(channels, heads), ResBlock(channels, channels, width)]
        )
        for level, m in reversed(list(enumerate(multipliers))):
            for i in range(3):
                blocks = [ResBlock(channels + skips.pop(), base * m, width)]
                channels = base * m
                if factor in factors:
                    blocks.append(Attention(channels, heads))
                if level and i == 2:
                    blocks.append(ResBlock(channels, channels, width, "up"))
                    factor //= 2
                self.up.append(nn.ModuleList(blocks))
        self.norm, self.last = norm(channels), nn.Conv2d(channels, images, 3, padding=1)

    def forward(self, x, t):
        half = self.base // 2
        angles = t[:, None] * torch.exp(-math.log(10000) / half * torch.arange(half))
        e = F.silu(self.time(torch.cat([angles.sin(), angles.cos()], 1)))
        h = self.first(x)
        skips = [h]
        for blocks in self.down:
            for block in blocks:
                h = block(h, e)
            skips.append(h)
        for block in self.middle:
            h = block(h, e)
        for blocks in self.up:
            h = torch.cat([h, skips.pop()], 1)
            for block in blocks:
                h = block(h, e)
        return self.last(F.silu(self.norm(h)))


class Bottleneck(nn.Module):
    def __init__(self, inside, width, outside, stride):
        super().__init__()
        convolutions = [(inside, width, 1, 1), (width, width, 3, stride), (width, outside, 1, 1)]
        self.convs = nn.ModuleList(nn.Conv2d(i, o, k, s, k // 2, bias=False) for i, o, k, s in convolutions)
        self.norms = nn.ModuleList(nn.BatchNorm2d(o) for _, o, _, _ in convolutions)
        self.skip = nn.Identity()
        if stride != 1 or inside != outside:
            self.skip = nn.Sequential(nn.Conv2d(inside, outside, 1, stride, bias=False), nn.BatchNorm2d(outside))

    def forward(self, x):
        h = F.relu(self.norms[0](self.convs[0](x)))
        h = F.relu(self.norms[1](self.convs[1](h)))
        return F.relu(self.norms[2](self.convs[2](h)) + self.skip(x))


class WideResNet(nn.Module):
    """layer1 to layer3 of torchvision's wide_resnet*_2."""

    def __init__(self, depths):
        super().__init__()
        self.conv, self.norm = nn.Conv2d(3, 64, 7, 2, 3, bias=False), nn.BatchNorm2d(64)
        self.layers, inside = nn.ModuleList(), 64
        for i, depth in enumerate(depths):
            width, outside = 128 * 2**i, 256 * 2**i
            blocks = []
            for j in range(depth):
                blocks.append(Bottleneck(inside, width, outside, 2 if i and not j else 1))
                inside = outside
            self.layers.append(nn.Sequential(*blocks))

    def forward(self, x):
        h = F.max_pool2d(F.relu(self.norm(self.conv(x))), 3, 2, 1)
        features = []
        for layer in self.layers:
            h = layer(h)
            features.append(h)
        return features


class EfficientNetLite0(nn.Module):
    """The network of the package efficientnet-lite-pytorch up to block 10: outputs of blocks 4 and 10."""

    def __init__(self):
        super().__init__()
        from efficientnet_lite_pytorch import EfficientNet

        whole = EfficientNet.from_name("efficientnet-lite0", drop_connect_rate=0)
        self.stem = nn.Sequential(whole._conv_stem, whole._bn0, nn.ReLU6())
        self.blocks = whole._blocks[:11]

    def forward(self, x):
        h = self.stem(x)
        features = []
        for i, block in enumerate(self.blocks):
            h = block(h)
            if i in (4, 10):
                features.append(h)
        return features


def features(network):
    """An extractor by its name in @ddad/features."""
    make = {
        "wide_resnet50_2": lambda: WideResNet([3, 4, 6]),
        "wide_resnet101_2": lambda: WideResNet([3, 4, 23]),
        "efficientnet_lite0": EfficientNetLite0,
    }
    return make[network]()
