"""DDAD as its reference does it, in PyTorch: training, adaptation, conditioned reconstruction, map and scores of a
category. Prints one line of JSON.

    python reference.py CATEGORY SETTINGS SEED    SETTINGS is the JSON that run.mjs makes
    python reference.py --check FIXTURES          compares it with golden values of the reference itself

Needs torch, torchvision, pillow, numpy; the UNet is ../peers/torch-parity/unet.py.
"""
import copy
import json
import math
import sys
import time
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
import torchvision
from PIL import Image

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "peers" / "torch-parity"))
from unet import Weights, unet  # noqa: E402

T = 1000
ALPHA_BAR = torch.cumprod(1 - torch.linspace(1e-4, 0.02, T, dtype=torch.float64).float(), 0)


class Started(Weights):
    """Weights as PyTorch's layers start, and as the reference zeroes the last one of each block."""

    def __call__(self, name, *shape):
        if name not in self.tensors:
            layer, kind = name.rsplit(".", 1)
            if kind == "weight":
                self.fan_in = math.prod(shape[1:])
            if layer.endswith(("out_layers.3", "proj_out", "out.2")):
                value = torch.zeros(shape)
            elif len(shape) == 1 and layer.endswith(("in_layers.0", "out_layers.0", "norm", "out.0")):
                value = torch.full(shape, float(kind == "weight"))
            else:
                value = torch.empty(shape).uniform_(-1, 1) / math.sqrt(self.fan_in)
            self.tensors[name] = value.requires_grad_()
        return super().__call__(name, *shape)


class Denoiser:
    def __init__(self, size, *, base, heads, multipliers=None, blocks=2, attention=(32, 16, 8), weights=None):
        self.shape = (base, heads, multipliers, blocks, attention)
        self.weights = weights or Started()
        with torch.no_grad():
            self(torch.zeros(1, 3, size, size), torch.zeros(1))

    def __call__(self, x, t):
        return unet(self.weights, x, t, *self.shape)

    def train(self, images, *, steps, batch, rate, decay):
        optimizer = torch.optim.Adam(self.weights.tensors.values(), lr=rate, weight_decay=decay)
        for x0 in epochs(images, batch, steps=steps):
            t = torch.randint(0, T, (len(x0),))
            level = ALPHA_BAR[t].reshape(-1, 1, 1, 1)
            noise = torch.randn_like(x0)
            loss = (noise - self(level.sqrt() * x0 + (1 - level).sqrt() * noise, t)).square().sum((1, 2, 3)).mean()
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        return loss.item()


def epochs(images, batch, *, steps=None, count=None):
    """Shuffled batches, the last partial one of each epoch dropped, for so many steps or epochs."""
    batch = min(batch, len(images))
    done = epoch = 0
    while epoch != count:
        order = torch.randperm(len(images))
        for at in range(0, len(images) - batch + 1, batch):
            if done == steps:
                return
            yield images[order[at : at + batch]]
            done += 1
        epoch += 1


@torch.no_grad()
def reconstruct(denoise, x, y0, *, w, start, skip, eta, draw=None):
    """Algorithm 1 of the paper, in the form of DDIM."""
    draw = draw or (lambda name: torch.randn_like(x))
    level = lambda t: ALPHA_BAR[t] if t >= 0 else torch.tensor(1.0)
    x = level(start).sqrt() * x + (1 - level(start)).sqrt() * draw("start")
    times = list(range(0, start, skip))
    for k, (i, j) in enumerate(zip(reversed(times), reversed([-1, *times[:-1]]))):
        at, below = level(i), level(j)
        e = denoise(x, torch.full((len(x),), i))
        y = at.sqrt() * y0 + (1 - at).sqrt() * e
        e = e - (1 - at).sqrt() * w * (y - x)
        x0 = (x - (1 - at).sqrt() * e) / at.sqrt()
        c1 = eta * ((1 - at / below) * (1 - below) / (1 - at)).sqrt()
        c2 = ((1 - below) - c1**2).sqrt()
        x = below.sqrt() * x0 + c1 * draw(f"step{k}") + c2 * e
    return x


class Extractor:
    MEAN = torch.tensor([0.485, 0.456, 0.406]).reshape(3, 1, 1)
    STD = torch.tensor([0.229, 0.224, 0.225]).reshape(3, 1, 1)

    def __init__(self, state):
        self.network = torchvision.models.resnet18()
        self.network.load_state_dict(state, strict=False)
        self.network.eval()

    def __call__(self, x):
        n, out = self.network, []
        h = n.maxpool(n.relu(n.bn1(n.conv1(((x + 1) / 2 - self.MEAN) / self.STD))))
        for stage in (n.layer1, n.layer2, n.layer3):
            h = stage(h)
            out.append(h)
        return out

    def loss(self, frozen, r, y, weight):
        apart = lambda a, b: sum((1 - F.cosine_similarity(p.flatten(1), q.flatten(1))).mean() for p, q in zip(a, b))
        ours_r, ours_y = self(r), self(y)
        return apart(ours_r, ours_y) + weight * (apart(ours_y, frozen(y)) + apart(ours_r, frozen(r)))

    def adapt(self, images, repair, *, epochs_, batch, rate, decay, weight):
        frozen = copy.deepcopy(self)
        optimizer = torch.optim.AdamW(self.network.parameters(), lr=rate, weight_decay=decay)
        self.network.train()
        for x in epochs(images, batch, count=epochs_):
            target, given = x[: len(x) // 2], x[len(x) // 2 :][: len(x) // 2]
            loss = self.loss(frozen, repair(given, target), target, weight)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        self.network.eval()


def distances(extract, x0, y):
    pixel = (x0 - y).abs().mean(1, keepdim=True)
    feature = 0
    for a, b in list(zip(extract(x0), extract(y)))[1:]:
        a, b = (F.avg_pool2d(layer, 3, 1, 1) for layer in (a, b))
        apart = 1 - F.cosine_similarity(a, b)[:, None]
        feature = feature + F.interpolate(apart, x0.shape[-2:], mode="bilinear", align_corners=True)
    return pixel, feature


def blur(maps, sigma):
    radius = round(4 * sigma)
    line = torch.exp(-torch.arange(-radius, radius + 1.0) ** 2 / (2 * sigma**2))
    line = line / line.sum()
    maps = F.conv2d(F.pad(maps, (0, 0, radius, radius), mode="reflect"), line.reshape(1, 1, -1, 1))
    return F.conv2d(F.pad(maps, (radius, radius, 0, 0), mode="reflect"), line.reshape(1, 1, 1, -1))


@torch.no_grad()
def anomaly_maps(extract, x0, y, *, v, sigma):
    """The maxima are those of the batch."""
    pixel, feature = distances(extract, x0, y)
    return blur(feature + v * feature.max() / pixel.max() * pixel, sigma)


def auroc(labels, scores):
    """The probability that a positive lies above a negative, ties one half."""
    values, inverse, counts = np.unique(scores, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[inverse]
    positive = labels.sum()
    return (ranks[labels].sum() - positive * (positive + 1) / 2) / (positive * (~labels).sum())


def read(path, size):
    pixels = np.asarray(Image.open(path).convert("RGB").resize((size, size), Image.BILINEAR))
    return torch.from_numpy(pixels.copy()).permute(2, 0, 1).float() / 127.5 - 1


def read_mask(path, root, size):
    if path.parent.name == "good":
        return np.zeros((size, size), bool)
    mask = Image.open(root / "ground_truth" / path.parent.name / f"{path.stem}_mask.png").convert("L")
    return np.asarray(mask.resize((size, size), Image.BILINEAR)) > 0


def run(root, s, seed):
    torch.set_num_threads(s["threads"])
    torch.manual_seed(seed)
    began = time.monotonic()
    load = lambda paths: torch.stack([read(path, s["size"]) for path in paths])
    training = load(sorted((root / "train" / "good").iterdir()))
    tests = sorted((root / "test").glob("*/*"))
    images = load(tests)
    masks = np.stack([read_mask(path, root, s["size"]) for path in tests])

    shape = {key: s[key] for key in ("base", "heads", "multipliers", "blocks", "attention")}
    denoise = Denoiser(s["size"], **shape)
    loss = denoise.train(training, steps=s["steps"], batch=s["batch"], rate=s["rate"], decay=s["decay"])
    trained = time.monotonic() - began
    extract = Extractor(torch.load(s["weights"]))
    how = {key: s[key] for key in ("start", "skip", "eta")}
    repair = lambda w: lambda x, y0: reconstruct(denoise, x, y0, w=w, **how)
    adaptation = {key: s["adaptation"][key] for key in ("batch", "rate", "decay", "weight")}
    extract.adapt(training, repair(s["adaptation"]["w"]), epochs_=s["adaptation"]["epochs"], **adaptation)
    side = round(s["size"] * s["crop"])
    edge = round((s["size"] - side) / 2)
    inside = np.s_[:, edge : edge + side, edge : edge + side]
    labels = np.array([path.parent.name != "good" for path in tests])
    batches = images.split(s["testBatch"])
    draws = {"imageAurocs": [], "pixelAurocs": []}
    for _ in range(s["draws"]):
        maps = torch.cat(
            [anomaly_maps(extract, repair(s["w"])(y, y), y, v=s["v"], sigma=s["sigma"]) for y in batches]
        )
        maps = maps[:, 0].double().numpy()[inside]
        draws["imageAurocs"].append(auroc(labels, maps.max((1, 2))))
        draws["pixelAurocs"].append(auroc(masks[inside].ravel(), maps.ravel()))
    return {
        "imageAuroc": np.mean(draws["imageAurocs"]),
        "pixelAuroc": np.mean(draws["pixelAurocs"]),
        **draws,
        "loss": loss,
        "trainingSeconds": trained,
        "seconds": time.monotonic() - began,
    }


def check(folder):
    """As far as the reference's golden values reach: the largest error over the largest value of each."""
    import files

    def mixed(name, count):
        """Numbers in [0, 1) that both sides make from a name; the README of the fixtures has how."""
        seed = 0x811C9DC5
        for byte in name.encode():
            seed = (seed ^ byte) * 0x01000193 & 0xFFFFFFFF
        h = (np.arange(count, dtype=np.uint64) * 0x9E3779B1 + seed) & 0xFFFFFFFF
        for shift, factor in ((16, 0x85EBCA6B), (13, 0xC2B2AE35)):
            h = ((h ^ (h >> shift)) * factor) & 0xFFFFFFFF
        return (h ^ (h >> 16)) / 2.0**32

    def uniform(name, shape):
        return torch.from_numpy((2 * mixed(name, math.prod(shape)) - 1).astype(np.float32)).reshape(shape)

    def gauss(name, shape):
        u, v = (mixed(f"{name}#{i}", math.prod(shape)) for i in (1, 2))
        values = np.sqrt(-2 * np.log(1 - u)) * np.cos(2 * np.pi * v)
        return torch.from_numpy(values.astype(np.float32)).reshape(shape)

    def parameter(name, shape):
        u = mixed(name, math.prod(shape))
        if name.endswith("running_var"):
            value = 0.5 + u
        elif name.endswith("running_mean"):
            value = 0.2 * (2 * u - 1)
        elif len(shape) > 1:
            value = (2 * u - 1) * math.sqrt(3 / math.prod(shape[1:]))
        else:
            value = 1 + 0.2 * (2 * u - 1) if name.endswith("weight") else 0.1 * (2 * u - 1)
        return torch.from_numpy(value.astype(np.float32)).reshape(shape)

    class Named(Weights):
        def __call__(self, name, *shape):
            self.tensors.setdefault(name, parameter(f"p.unet32.{name}", shape))
            return super().__call__(name, *shape)

    worst = 0

    def compare(what, actual, expected):
        nonlocal worst
        error = ((actual - expected).abs().max() / expected.abs().max()).item()
        worst = max(worst, error)
        print(f"{error:.1e}  {what}")

    denoise = Denoiser(32, base=32, heads=2, weights=Named())
    x, y0 = (uniform(f"p.rec.{name}", (2, 3, 32, 32)) for name in ("x", "y0"))
    for w, eta, start, skip in ((0, 1, 250, 25), (2, 1, 250, 25), (4, 0, 100, 10)):
        name = f"reconstruction_w{w}_eta{eta}_{start}_{skip}"
        draw = lambda step: gauss(f"p.rec.{step}", x.shape)
        made = reconstruct(denoise, x, y0, w=w, eta=eta, start=start, skip=skip, draw=draw)
        compare(name, made, files.read(folder / f"{name}.safetensors")["x_final"])

    expected = files.read(folder / "features_resnet18.safetensors")
    shapes = json.loads((folder / "resnet18.keys.json").read_text())
    state = {k: parameter(f"p.resnet18.{k}", tuple(v)) for k, v in shapes.items() if not k.endswith("tracked")}
    extract = Extractor(state)
    a = uniform("p.resnet18.a", (2, 3, 64, 64))
    b = (a + uniform("p.resnet18.d", (2, 3, 64, 64)) * 0.3).clamp(-1, 1)
    for v in (1, 7):
        compare(f"anomaly map, v {v}", anomaly_maps(extract, b, a, v=v, sigma=4), expected[f"anomaly_map_v{v}"])
    frozen = copy.deepcopy(extract)
    extract.network.train()
    compare("adaptation loss", extract.loss(frozen, b, a, 0.1), expected["adaptation_loss"])
    compare("running mean", extract.network.bn1.running_mean, expected["running_mean.bn1"])

    metrics = json.loads((folder / "metrics.json").read_text())
    for name in ("ties", "smooth"):
        given = files.read(folder / f"metrics_{name}.safetensors")
        made = auroc(given["masks"].numpy().ravel() > 0, given["maps"].numpy().ravel())
        compare(f"pixel AUROC, {name}", torch.tensor(made), torch.tensor(metrics[name]["pixel_auroc"]))
    return worst


if sys.argv[1] == "--check":
    sys.exit(check(Path(sys.argv[2])) > 1e-3)
print(json.dumps(run(Path(sys.argv[1]), json.loads(sys.argv[2]), int(sys.argv[3]))))
