"""Loads every PNG of a folder at 256x256 with two worker processes, as torchvision's ImageFolder pipeline does:
Pillow's decoder, convert('RGB'), Resize. With torch installed through its DataLoader, otherwise by two processes.

    python peer.py <folder>     prints the seconds of one epoch
"""
import pathlib
import sys
import time

from PIL import Image

SIZE = (256, 256)


def load(path):
    with Image.open(path) as image:
        return image.convert("RGB").resize(SIZE, Image.Resampling.BILINEAR).tobytes()


if __name__ == "__main__":
    paths = sorted(pathlib.Path(sys.argv[1]).rglob("*.png"))
    try:
        from torch.utils.data import DataLoader
        from torchvision.datasets import ImageFolder
        from torchvision.transforms import Compose, Resize, ToTensor

        data = ImageFolder(sys.argv[1], Compose([Resize(SIZE), ToTensor()]))
        start = time.time()
        count = sum(len(batch) for batch, _ in DataLoader(data, batch_size=32, num_workers=2))
        print(f"torchvision ImageFolder: {count} images, {time.time() - start:.3f} s")
    except ImportError:
        from multiprocessing import Pool

        start = time.time()
        with Pool(2) as pool:
            count = sum(1 for _ in pool.imap(load, paths, chunksize=4))
        print(f"Pillow in two processes: {count} images, {time.time() - start:.3f} s")
