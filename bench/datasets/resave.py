"""Saves every PNG of a folder again with Pillow.

    python resave.py <folder>
"""
import pathlib
import sys

from PIL import Image

for path in sorted(pathlib.Path(sys.argv[1]).glob("*.png")):
    with Image.open(path) as image:
        image.load()
        image.save(path)
