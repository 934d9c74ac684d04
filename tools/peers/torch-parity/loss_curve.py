"""The half of loss-curve.mjs that runs in PyTorch: the same training from the same weights, batches and noise."""
import json
import sys
from pathlib import Path

import torch

import files
from unet import Weights, unet

folder, base, heads, learning_rate, decay = Path(sys.argv[1]), *map(float, sys.argv[2:])
weights = {name: tensor.requires_grad_() for name, tensor in files.read(folder / "start.safetensors").items()}
given = files.read(folder / "steps.safetensors")
alpha_bar = torch.cumprod(1 - torch.linspace(1e-4, 0.02, 1000, dtype=torch.float64).float(), 0)
optimizer = torch.optim.Adam(weights.values(), lr=learning_rate, weight_decay=decay)
losses = []
for step in range(sum(name.startswith("t") for name in given)):
    x0, noise, t = (given[f"{kind}{step}"] for kind in ("x", "noise", "t"))
    level = alpha_bar[t.long()].reshape(-1, 1, 1, 1)
    predicted = unet(Weights(weights), level.sqrt() * x0 + (1 - level).sqrt() * noise, t, int(base), int(heads))
    loss = (noise - predicted).square().sum((1, 2, 3)).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    losses.append(loss.item())
files.write(folder / "end.safetensors", weights)
print(json.dumps(losses))
