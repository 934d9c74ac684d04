"""The noise that a detector takes for an image, as @ddad/nn draws it: from a hash of the image's bytes, so that an image
gets the same score at any time and in any language. Any other standard normal noise gives scores of the same kind."""
import math

import numpy as np

MASK = 0xFFFFFFFF


def mix32(h):
    """MurmurHash3's finaliser, of an int or an array of uint64 below 2**32."""
    h = (h ^ (h >> 16)) * 0x85EBCA6B & MASK
    h = (h ^ (h >> 13)) * 0xC2B2AE35 & MASK
    return h ^ (h >> 16)


def murmur3(data, seed):
    blocks = len(data) & ~3
    k = np.frombuffer(data[:blocks], "<u4").astype(np.uint64) * 0xCC9E2D51 & MASK
    k = (k << 15 | k >> 17) & MASK
    h = seed
    for word in (k * 0x1B873593 & MASK).tolist():
        h ^= word
        h = ((h << 13 | h >> 19) & MASK) * 5 + 0xE6546B64 & MASK
    if len(data) > blocks:
        k = int.from_bytes(data[blocks:], "little") * 0xCC9E2D51 & MASK
        h ^= ((k << 15 | k >> 17) & MASK) * 0x1B873593 & MASK
    return mix32(h ^ len(data))


def key_of(seed):
    low, high = seed & MASK, seed >> 32
    a = mix32(low ^ 0x9E3779B9)
    return mix32(a + high & MASK), mix32(a * 0x27D4EB2F & MASK ^ mix32(high ^ 0x165667B1))


def derive_seed(seed, index):
    (a, b), (x, y) = key_of(seed), key_of(index)
    a = mix32(a * 5 + x + 0xE6546B64 & MASK)
    b = mix32(((b ^ y) * 0x9E3779B1 & MASK) + a & MASK)
    return ((a & 0x1FFFFF) << 32) + b


def bits(i, a, b):
    return mix32(mix32(i * 0x9E3779B1 + a & MASK) ^ b)


# Ziggurat of 256 layers (Marsaglia & Tsang 2000)
TAIL, AREA = 3.6541528853610088, 0.00492867323399
EDGES = [AREA / math.exp(-0.5 * TAIL * TAIL), TAIL]
while len(EDGES) < 256:
    EDGES.append(math.sqrt(-2 * math.log(AREA / EDGES[-1] + math.exp(-0.5 * EDGES[-1] ** 2))))
EDGES.append(0.0)
RATIOS = [EDGES[i + 1] / EDGES[i] for i in range(256)]


def position(h):
    """The layer of a draw, and where it lies in it, in (-1, 1)."""
    signed = h.astype(np.int64) if isinstance(h, np.ndarray) else np.int64(h)
    signed = np.where(signed >= 2**31, signed - 2**32, signed)
    return signed & 255, (signed >> 8) / 2**23 + 2.0**-24


def outside(i, h, a, b):
    """A draw that missed its layer's inner box: further attempts on a stream of their own."""
    key = mix32(b ^ (i * 0x85EBCA77 & MASK)) ^ 0x5BD1E995
    stream = (bits(counter, key, a) for counter in range(1 << 30))
    uniform = lambda: (next(stream) + 0.5) / 2**32
    while True:
        layer, u = (value.item() for value in position(h))
        if abs(u) < RATIOS[layer]:
            return u * EDGES[layer]
        if layer == 0:
            while True:
                x, y = math.log(uniform()) / TAIL, math.log(uniform())
                if -2 * y >= x * x:
                    return x - TAIL if u < 0 else TAIL - x
        x = u * EDGES[layer]
        upper = math.exp(-0.5 * (EDGES[layer] ** 2 - x * x))
        lower = math.exp(-0.5 * (EDGES[layer + 1] ** 2 - x * x))
        if lower + uniform() * (upper - lower) < 1:
            return x
        h = next(stream)


def normal(seed, count):
    a, b = key_of(seed)
    h = bits(np.arange(count, dtype=np.uint64), a, b)
    layer, u = position(h)
    out = u * np.array(EDGES)[layer]
    for i in np.flatnonzero(np.abs(u) >= np.array(RATIOS)[layer]).tolist():
        out[i] = outside(i, int(h[i]), a, b)
    return out.astype(np.float32)


def image_noise(images, shape):
    """Noise [draws, n, h, w, c] for images [n, h, w, c] of bytes."""
    draws, n, *one = shape
    out = np.empty(shape, np.float32)
    for i in range(n):
        data = images[i].tobytes()
        seed = ((murmur3(data, 0x9747B28C) & 0x1FFFFF) << 32) + murmur3(data, 0x3C6EF372)
        for draw in range(draws):
            out[draw, i] = normal(derive_seed(seed, draw), math.prod(one)).reshape(one)
    return out
