"""Tensors to and from the scripts in JavaScript: safetensors, as much of it as they need."""
import json
import struct

import numpy
import torch


def write(path, tensors):
    header, chunks, at = {}, [], 0
    for name, tensor in tensors.items():
        data = tensor.detach().float().contiguous().numpy().tobytes()
        header[name] = {"dtype": "F32", "shape": list(tensor.shape), "data_offsets": [at, at + len(data)]}
        chunks.append(data)
        at += len(data)
    head = json.dumps(header).encode()
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(head)) + head + b"".join(chunks))


def read(path):
    with open(path, "rb") as file:
        data = file.read()
    (length,) = struct.unpack("<Q", data[:8])
    header = json.loads(data[8 : 8 + length])
    header.pop("__metadata__", None)
    tensors = {}
    for name, entry in header.items():
        begin, end = entry["data_offsets"]
        dtype = {"F32": numpy.float32, "I64": numpy.int64, "U8": numpy.uint8}[entry["dtype"]]
        values = numpy.frombuffer(data[8 + length + begin : 8 + length + end], dtype).copy()
        tensors[name] = torch.from_numpy(values.reshape(entry["shape"]))
    return tensors
