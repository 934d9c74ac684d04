"""Writes image files of every kind that @ddad/images' README names, and some that it does not, with what Pillow or tifffile
reads from them; compare.mjs decodes them.

    pip install -r tools/peers/decode-vs-pillow/requirements.txt
    python tools/peers/decode-vs-pillow/generate.py FOLDER [seed]

plan.json has for each file: `expect` (the RGB bytes in FILE.rgb), `raw` (the values in FILE.raw and their type), `tolerance`,
and `refuse` where a refusal is what the README promises. A file that Pillow and tifffile read differently stops the script.
"""
import io
import json
import pathlib
import struct
import sys
import warnings
import zlib

import numpy
import tifffile
from PIL import Image, TiffImagePlugin

warnings.simplefilter("ignore")
folder = pathlib.Path(sys.argv[1])
folder.mkdir(parents=True, exist_ok=True)
random = numpy.random.default_rng(int(sys.argv[2]) if len(sys.argv) > 2 else 0)
plan = []
# Files that Pillow does not read, whose pixels follow from what was written.
alone = []


def side():
    return int(random.integers(1, 71))


def smooth(height, width, channels):
    """A picture with edges and gradients: compressions find something in it."""
    y, x = numpy.mgrid[0:height, 0:width]
    planes = [(x * (3 + c) + y * (5 - c) + 60 * numpy.sin((x + 2 * y) / (3 + c))) % 256 for c in range(channels)]
    noise = random.integers(0, 40, (height, width, channels))
    return ((numpy.stack(planes, 2) + noise) % 256).astype(numpy.uint8)


def add(kind, data, rgb=None, raw=None, tolerance=0, refuse=False):
    name = f"{len(plan):05d}"
    (folder / name).write_bytes(data)
    entry = dict(name=name, kind=kind, refuse=refuse, tolerance=tolerance)
    if rgb is not None:
        (folder / f"{name}.rgb").write_bytes(numpy.ascontiguousarray(rgb, numpy.uint8).tobytes())
        entry["expect"] = dict(height=rgb.shape[0], width=rgb.shape[1])
    if raw is not None:
        (folder / f"{name}.raw").write_bytes(numpy.ascontiguousarray(raw).tobytes())
        entry["raw"] = raw.dtype.name
    plan.append(entry)


def pillow(data):
    """Pillow's RGB; of 16-bit gray the high byte, as it does itself for 16-bit colours. None if it does not read it."""
    try:
        image = Image.open(io.BytesIO(data))
        image.load()
    except Exception:
        return None
    if image.mode == "F":
        return None
    if image.mode.startswith("I;16") or image.mode == "I":
        rgb = numpy.repeat((numpy.asarray(image).astype(numpy.int64) >> 8).astype(numpy.uint8)[..., None], 3, 2)
    else:
        rgb = numpy.asarray((image.convert("LA") if image.mode == "La" else image).convert("RGB"))
    try:
        # Not by exif_transpose: it also writes the EXIF data anew, and stumbles over some.
        orientation = image.getexif().get(274)
    except (SyntaxError, struct.error):  # EXIF data that are none
        orientation = None
    return turned(rgb, orientation)


def agreed(kind, data, rule):
    """`rule`, computed from the array that was written; Pillow must say the same, if it reads the file."""
    theirs = pillow(data)
    if theirs is None:
        alone.append(kind)
    elif not numpy.array_equal(theirs, rule):
        worst = numpy.abs(theirs.astype(int) - rule).max() if theirs.shape == rule.shape else theirs.shape
        sys.exit(f"{kind}: Pillow and the rule differ: {worst}")
    return rule


def rgb_of(values, alpha=None):
    """[h, w, 1..4] of 8 or 16 bits as RGB of 8 bits."""
    high = (values >> 8).astype(numpy.uint8) if values.dtype == numpy.uint16 else values
    channels = high.shape[2]
    if alpha == "assocalpha":
        a = high[..., -1:].astype(int)
        free = numpy.minimum(255, high[..., :-1].astype(int) * 255 // numpy.maximum(a, 1))
        high = numpy.where((a == 0) | (a == 255), high[..., :-1], free).astype(numpy.uint8)
    elif channels in (2, 4):
        high = high[..., :-1]
    return numpy.repeat(high, 3, 2) if high.shape[2] == 1 else high[..., :3]


# ---------------------------------------------------------------- TIFF by tifffile
COMPRESSIONS = [None, "packbits", "lzw", "deflate", "adobe_deflate"]
DTYPES = ["uint8", "uint16", "uint32", "int8", "int16", "int32", "float16", "float32", "float64"]


def values_of(dtype, height, width, channels):
    base = smooth(height, width, channels)
    if dtype == "uint8":
        return base
    if dtype.startswith("float"):
        return (base / 300 - 0.2).astype(dtype)
    if dtype.startswith("int"):
        return (base.astype(numpy.int64) * 200 - 128).astype(dtype)
    return (base.astype(numpy.uint64) * 257 + random.integers(0, 256, base.shape).astype(numpy.uint64)).astype(dtype)


def associated(values):
    """Colours multiplied by alpha, as the format wants them."""
    most = numpy.iinfo(values.dtype).max
    alpha = values[..., -1:].astype(numpy.uint64)
    colours = values[..., :-1].astype(numpy.uint64) * alpha // most
    return numpy.concatenate([colours.astype(values.dtype), values[..., -1:]], 2)


def by_tifffile(height, width):
    dtype = str(random.choice(DTYPES))
    channels = int(random.choice([1, 1, 2, 3, 3, 4]))
    compression = COMPRESSIONS[random.integers(len(COMPRESSIONS))]
    size = numpy.dtype(dtype).itemsize
    is_float = dtype.startswith("float")
    predictor = None
    if compression in ("lzw", "deflate", "adobe_deflate") and random.random() < 0.5:
        predictor = 3 if is_float else 2
    planar = "separate" if channels > 1 and random.random() < 0.3 else "contig"
    tile = (16 * int(random.integers(1, 4)), 16 * int(random.integers(1, 4))) if random.random() < 0.5 else None
    alpha = {2: [None, "unassalpha", "assocalpha", "unspecified"], 4: ["unassalpha", "assocalpha", "unspecified"]}.get(
        channels, [None])
    alpha = alpha[random.integers(len(alpha))]
    if is_float or dtype.startswith("int"):
        alpha = alpha and "unassalpha"
    values = values_of(dtype, height, width, channels)
    if alpha == "assocalpha":
        if dtype == "uint32":
            alpha = "unassalpha"
        else:
            values = associated(values)
    if channels == 2 and alpha is None:
        alpha = "unassalpha"
    byteorder = str(random.choice(["<", ">"]))
    orientation = int(random.integers(1, 9)) if random.random() < 0.3 else None
    options = dict(
        photometric="rgb" if channels >= 3 else "minisblack", planarconfig=planar if channels > 1 else None,
        compression=compression, predictor=predictor, tile=tile, byteorder=byteorder,
        bigtiff=bool(random.random() < 0.1), metadata=None)
    if channels in (2, 4):
        options["extrasamples"] = [alpha]
    if not tile:
        options["rowsperstrip"] = int(random.integers(1, height + 1))
    if orientation:
        options["extratags"] = [(274, 3, 1, orientation, True)]
    written = values[..., 0] if channels == 1 else values
    if planar == "separate" and channels > 1:
        written = numpy.ascontiguousarray(numpy.moveaxis(values, 2, 0))
    buffer = io.BytesIO()
    tifffile.imwrite(buffer, written, **options)
    data = buffer.getvalue()
    kind = f"tiff {dtype} x{channels} {compression} predictor {predictor} {planar} {tile} {alpha} {byteorder} orientation {orientation}"
    read = tifffile.imread(io.BytesIO(data))
    assert numpy.array_equal(read, written), kind
    kept = values[..., :-1] if alpha == "unspecified" else values
    raw = turned(kept, orientation)
    if dtype not in ("uint8", "uint16"):
        add(kind, data, raw=numpy.float32(raw) if dtype == "float16" else raw)
        return
    rgb = rgb_of(values, alpha)
    rgb = turned(rgb, orientation)
    # In planes Pillow 13 loses the alpha of gray, and takes plain 16 bits for 8.
    fault = planar == "separate" and (channels == 2 or (dtype == "uint16" and compression is None))
    add(kind, data, rgb=rgb if fault else agreed(kind, data, rgb), raw=raw)


def turned(values, orientation):
    if orientation is None:
        return values
    method = {2: 0, 3: 3, 4: 1, 5: 5, 6: 4, 7: 6, 8: 2}.get(orientation)
    if method is None:
        return values
    flips = {0: lambda a: a[:, ::-1], 1: lambda a: a[::-1], 2: lambda a: numpy.rot90(a), 3: lambda a: a[::-1, ::-1],
             4: lambda a: numpy.rot90(a, -1), 5: lambda a: a.swapaxes(0, 1), 6: lambda a: a[::-1, ::-1].swapaxes(0, 1)}
    return numpy.ascontiguousarray(flips[method](values))


# ---------------------------------------------------------------- TIFF by Pillow (libtiff) and by hand
def by_pillow(height, width):
    mode = str(random.choice(["1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "I;16"]))
    compression = str(random.choice(["raw", "packbits", "tiff_lzw", "tiff_adobe_deflate", "tiff_deflate"]))
    base = smooth(height, width, 4)
    if mode == "I;16":
        image = Image.fromarray(base[..., 0].astype(numpy.uint16) * 257 + 3)
    elif mode == "P":
        image = Image.fromarray(base[..., :3]).quantize(int(random.integers(2, 257)))
    else:
        image = Image.fromarray(base, "RGBA").convert(mode) if mode != "CMYK" else Image.fromarray(base, "CMYK")
    info = TiffImagePlugin.ImageFileDirectory_v2()
    if random.random() < 0.5:
        info[274] = int(random.integers(1, 9))
    if random.random() < 0.5:
        info[278] = int(random.integers(1, height + 1))
    buffer = io.BytesIO()
    image.save(buffer, "tiff", compression=compression, tiffinfo=info)
    data = buffer.getvalue()
    theirs = pillow(data)
    assert theirs is not None
    add(f"tiff by Pillow {mode} {compression} {dict(info)}", data, rgb=theirs)


def tiff(tags, strips, order="<"):
    """A TIFF with exactly these fields: {tag: (type, values)}; strips are appended, their places filled in."""
    types = {1: "B", 3: "H", 4: "I"}
    fields = dict(tags)
    fields[279] = (4, [len(s) for s in strips])
    fields[273] = (4, [0] * len(strips))
    count = len(fields)
    at = 8 + 2 + 12 * count + 4
    extra = {}
    for tag, (kind, values) in sorted(fields.items()):
        size = struct.calcsize(order + types[kind]) * len(values)
        if size > 4:
            extra[tag] = at
            at += size + size % 2
    places = []
    for strip in strips:
        places.append(at)
        at += len(strip)
    fields[273] = (4, places)
    out = bytearray(struct.pack(order + "2sHI", b"II" if order == "<" else b"MM", 42, 8))
    out += struct.pack(order + "H", count)
    tail = bytearray()
    for tag, (kind, values) in sorted(fields.items()):
        body = struct.pack(order + types[kind] * len(values), *values)
        out += struct.pack(order + "HHI", tag, kind, len(values))
        if tag in extra:
            out += struct.pack(order + "I", extra[tag])
            tail += body + b"\0" * (len(body) % 2)
        else:
            out += body.ljust(4, b"\0")
    out += struct.pack(order + "I", 0) + tail + b"".join(strips)
    return bytes(out)


def packed(values, depth):
    """[h, w] as rows of `depth` bits, each row whole bytes."""
    rows = []
    for row in values:
        bits = "".join(format(int(v), f"0{depth}b") for v in row)
        bits += "0" * (-len(bits) % 8)
        rows.append(int(bits, 2).to_bytes(len(bits) // 8, "big"))
    return rows


REVERSED = bytes(int(format(i, "08b")[::-1], 2) for i in range(256))


def by_hand(height, width):
    """Few bits, white as 0, reversed bits, palettes, fields at their default or left out."""
    depth = int(random.choice([1, 2, 4, 8]))
    photometric = int(random.choice([0, 1, 3]))
    fill = int(random.choice([1, 1, 2]))
    order = str(random.choice(["<", ">"]))
    values = smooth(height, width, 1)[..., 0] >> (8 - depth)
    rows = packed(values, depth)
    per_strip = int(random.integers(1, height + 1))
    strips = [b"".join(rows[i:i + per_strip]) for i in range(0, height, per_strip)]
    compression = int(random.choice([1, 8, 32773]))
    if compression == 8:
        strips = [zlib.compress(s) for s in strips]
    elif compression == 32773:
        strips = [pack_bits(s) for s in strips]
    if fill == 2:
        strips = [s.translate(REVERSED) for s in strips]
    tags = {256: (int(random.choice([3, 4])), [width]), 257: (3, [height]), 262: (3, [photometric])}
    if depth != 1 or random.random() < 0.5:
        tags[258] = (3, [depth])
    if compression != 1 or random.random() < 0.5:
        tags[259] = (3, [compression])
    if fill != 1 or random.random() < 0.5:
        tags[266] = (3, [fill])
    if len(strips) > 1 or random.random() < 0.5:
        tags[278] = (4, [per_strip])
    if random.random() < 0.5:
        tags[277] = (3, [1])
    if random.random() < 0.5:
        tags[284] = (3, [1])
    if random.random() < 0.3:
        tags[339] = (3, [1])
    colours = random.integers(0, 65536, (3, 1 << depth))
    if photometric == 3:
        tags[320] = (3, [int(v) for v in colours.reshape(-1)])
        rgb = (colours >> 8).astype(numpy.uint8)[:, values].transpose(1, 2, 0)
    else:
        gray = (values * (255 // ((1 << depth) - 1))).astype(numpy.uint8)
        rgb = numpy.repeat((255 - gray if photometric == 0 else gray)[..., None], 3, 2)
    data = tiff(tags, strips, order)
    kind = f"tiff by hand depth {depth} photometric {photometric} fill {fill} compression {compression} {order} {sorted(tags)}"
    add(kind, data, rgb=agreed(kind, data, rgb))


def pack_bits(data):
    out = bytearray()
    i = 0
    while i < len(data):
        run = 1
        while i + run < len(data) and run < 128 and data[i + run] == data[i]:
            run += 1
        if run > 2:
            out += bytes([257 - run, data[i]])
            i += run
            continue
        end = i + 1
        while end < len(data) and end - i < 128 and data[end:end + 3] != data[end:end + 1] * 3:
            end += 1
        out += bytes([end - i - 1]) + data[i:end]
        i = end
    return bytes(out)


def tiff_refused(height, width):
    """What the README does not name must be refused, whatever it is."""
    base = smooth(height, width, 3)
    gray = Image.fromarray(base).convert("L")
    for compression in ("group3", "group4", "tiff_ccitt"):
        buffer = io.BytesIO()
        gray.convert("1").save(buffer, "tiff", compression=compression)
        add(f"tiff {compression}", buffer.getvalue(), refuse=True)
    buffer = io.BytesIO()
    Image.fromarray(base).save(buffer, "tiff", compression="jpeg")
    add("tiff jpeg", buffer.getvalue(), refuse=True)
    for compression in ("zstd", "lzma", "jpeg2000", "webp", "lerc"):
        buffer = io.BytesIO()
        try:
            tifffile.imwrite(buffer, base, photometric="rgb", compression=compression, metadata=None)
        except Exception:
            continue
        add(f"tiff {compression}", buffer.getvalue(), refuse=True)
    rows = base.tobytes()
    size = {256: (3, [width]), 257: (3, [height])}
    eights = {258: (3, [8, 8, 8]), 277: (3, [3])}
    for kind, tags in {
        "no photometric": {**size, **eights},
        "YCbCr": {**size, **eights, 262: (3, [6])},
        "Lab": {**size, **eights, 262: (3, [8])},
        "predictor, plain": {**size, **eights, 262: (3, [2]), 317: (3, [2])},
        "5, 6, 5 bits": {**size, 258: (3, [5, 6, 5]), 277: (3, [3]), 262: (3, [2])},
        "12 bits": {**size, 258: (3, [12]), 262: (3, [1])},
        "5 gray samples": {**size, 258: (3, [8] * 5), 277: (3, [5]), 262: (3, [1]), 338: (3, [0] * 4)},
        "complex": {**size, 258: (3, [64]), 262: (3, [1]), 339: (3, [6])},
        "16 bits, 0 is white": {**size, 258: (3, [16]), 262: (3, [0])},
        "no inks of CMYK": {**size, 258: (3, [8] * 4), 277: (3, [4]), 262: (3, [5]), 332: (3, [2])},
    }.items():
        add(f"tiff {kind}", tiff(tags, [rows * 3]), refuse=True)


# ---------------------------------------------------------------- BMP
def bmp(width, height, depth, rows, header=40, compression=0, palette=b"", masks=(), top_down=False, colors=0):
    """`rows` from top to bottom; `header` bytes, masks inside or behind it."""
    body = b"".join(rows if top_down else rows[::-1]) if isinstance(rows, list) else rows
    if header == 12:
        head = struct.pack("<IHHHH", 12, width, height, 1, depth)
    else:
        head = struct.pack("<IiiHHIIiiII", header, width, -height if top_down else height, 1, depth, compression,
                           len(body), 2835, 2835, colors, 0)
        head += b"".join(struct.pack("<I", mask) for mask in masks)
        head = head.ljust(header, b"\0")
    start = 14 + len(head) + len(palette)
    return b"BM" + struct.pack("<IHHI", start + len(body), 0, 0, start) + head + palette + body


def padded(row):
    return row + b"\0" * (-len(row) % 4)


def by_bmp(height, width):
    depth = int(random.choice([1, 4, 8, 16, 24, 32]))
    header = int(random.choice([12, 40, 40, 52, 56, 64, 108, 124]))
    top_down = header != 12 and bool(random.random() < 0.5)
    base = smooth(height, width, 4)
    palette = b""
    colors = 0
    masks = ()
    compression = 0
    if depth <= 8:
        values = base[..., 0] >> (8 - depth)
        rows = [padded(row) for row in packed(values, depth)]
        table = random.integers(0, 256, (1 << depth, 3)).astype(numpy.uint8)
        if random.random() < 0.3:
            table = numpy.repeat(numpy.linspace(0, 255, 1 << depth).astype(numpy.uint8)[:, None], 3, 1)
        rgb = table[values]
        palette = b"".join(bytes(c[::-1]) + (b"" if header == 12 else b"\0") for c in table)
        if header != 12 and random.random() < 0.5:
            colors = 1 << depth
        if header != 12 and depth in (4, 8) and random.random() < 0.5:
            compression = 1 if depth == 8 else 2
            rows = runs(values, depth, top_down)
    elif depth == 24:
        rows = [padded(row[:, 2::-1].tobytes()) for row in base[..., :3]]
        rgb = base[..., :3]
        if header != 12 and random.random() < 0.3:
            compression, masks = 3, (0xFF0000, 0xFF00, 0xFF, 0)
    else:
        layouts = {16: [(5, 6, 5), (5, 5, 5), (4, 4, 4), (3, 3, 2), (6, 5, 5)],
                   32: [(8, 8, 8), (8, 8, 8), (10, 10, 10), (5, 6, 5), (8, 8, 8)]}[depth]
        if header == 12 or random.random() < 0.3:
            bits, places = ((5, 5, 5), (10, 5, 0)) if depth == 16 else ((8, 8, 8), (16, 8, 0))
        else:
            compression = 3
            bits = layouts[random.integers(len(layouts))]
            sequence = list(random.permutation(3))
            at = int(random.integers(0, depth - sum(bits) + 1))
            if bits == (8, 8, 8) and random.random() < 0.7:
                at = int(random.choice([0, 8]))
            places = [0, 0, 0]
            for c in sequence:
                places[c] = at
                at += bits[c]
        fields = [base[..., c].astype(numpy.uint64) * ((1 << bits[c]) - 1) // 255 for c in range(3)]
        words = sum(field << numpy.uint64(place) for field, place in zip(fields, places))
        rgb = numpy.stack([field * 255 // ((1 << b) - 1) for field, b in zip(fields, bits)], 2).astype(numpy.uint8)
        if compression:
            masks = [((1 << b) - 1) << p for b, p in zip(bits, places)] + [0]
        rows = [padded(row.astype("<u2" if depth == 16 else "<u4").tobytes()) for row in words]
    if compression == 3 and header in (40, 52, 64):
        masks = masks[:3]
    data = bmp(width, height, depth, rows, header, compression, palette, masks, top_down, colors)
    kind = f"bmp depth {depth} header {header} compression {compression} top-down {top_down} masks {[hex(m) for m in masks]}"
    add(kind, data, rgb=agreed(kind, data, rgb))


def runs(values, depth, top_down):
    """RLE8 or RLE4 with runs, absolute stretches and ends of line."""
    out = bytearray()
    rows = values if top_down else values[::-1]
    for y, row in enumerate(rows):
        x = 0
        while x < len(row):
            run = 1
            while x + run < len(row) and run < 255 and row[x + run] == row[x]:
                run += 1
            stretch = min(len(row) - x, int(random.integers(3, 9)))
            if run < 3 and stretch >= 3:
                part = [int(v) for v in row[x:x + stretch]]
                body = bytes(part) if depth == 8 else bytes(
                    (a << 4) | b for a, b in zip(part[::2], (part + [0])[1::2]))
                out += bytes([0, stretch]) + body + b"\0" * (len(body) % 2)
                x += stretch
            else:
                value = int(row[x])
                out += bytes([run, value if depth == 8 else value * 17])
                x += run
        out += b"\0\1" if y == len(rows) - 1 else b"\0\0"
    return bytes(out)


# ---------------------------------------------------------------- PNG
ADAM7 = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]


def filtered(rows, step):
    """Each row with a filter of its own."""
    out = b""
    above = bytes(len(rows[0])) if rows else b""
    for row in rows:
        kind = int(random.integers(0, 5))
        line = bytearray([kind])
        for i, value in enumerate(row):
            a = row[i - step] if i >= step else 0
            b = above[i]
            c = above[i - step] if i >= step else 0
            p = a + b - c
            near = min((abs(p - v), k, v) for k, v in enumerate((a, b, c)))[2]
            line.append((value - (0, a, b, (a + b) >> 1, near)[kind]) & 255)
        out += bytes(line)
        above = row
    return out


def by_png(height, width):
    color, depth = [(0, 1), (0, 2), (0, 4), (0, 8), (0, 16), (2, 8), (2, 16), (3, 1), (3, 2), (3, 4), (3, 8), (4, 8),
                    (4, 16), (6, 8), (6, 16)][random.integers(15)]
    samples = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[color]
    values = smooth(height, width, samples).astype(int)
    values = values * 257 if depth == 16 else values >> (8 - depth)
    interlace = int(random.random() < 0.5)
    passes = ADAM7 if interlace else [(0, 0, 1, 1)]
    step = max(1, samples * depth // 8)
    body = b""
    for x0, y0, dx, dy in passes:
        part = values[y0::dy, x0::dx]
        if part.size:
            body += filtered(packed(part.reshape(len(part), -1), depth), step)

    def chunk(kind, content):
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    chunks = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, color, 0, 0, interlace))
    if color == 3:
        table = random.integers(0, 256, (1 << depth, 3)).astype(numpy.uint8)
        chunks += chunk(b"PLTE", table.tobytes())
        if random.random() < 0.3:
            chunks += chunk(b"tRNS", bytes(random.integers(0, 256, 1 << depth).astype(numpy.uint8)))
    packed_body = zlib.compress(body)
    cut = int(random.integers(0, len(packed_body)))
    chunks += chunk(b"IDAT", packed_body[:cut]) + chunk(b"IDAT", packed_body[cut:]) + chunk(b"IEND", b"")
    data = b"\x89PNG\r\n\x1a\n" + chunks
    theirs = pillow(data)
    assert theirs is not None, (color, depth)
    add(f"png colour {color} depth {depth} interlace {interlace}", data, rgb=theirs)


# ---------------------------------------------------------------- JPEG and WebP
def by_jpeg(height, width):
    mode = str(random.choice(["L", "RGB", "RGB", "CMYK", "CMYK"]))
    base = smooth(height, width, 4)
    image = Image.fromarray(base, "CMYK") if mode == "CMYK" else Image.fromarray(base, "RGBA").convert(mode)
    options = dict(quality=int(random.integers(20, 100)), progressive=bool(random.random() < 0.5),
                   optimize=bool(random.random() < 0.5))
    if mode == "RGB" and random.random() < 0.2:
        options["keep_rgb"] = True
    elif mode != "L":
        options["subsampling"] = int(random.integers(0, 3))
    if random.random() < 0.3:
        options["restart_marker_blocks"] = int(random.integers(1, 9))
    if random.random() < 0.3:
        exif = Image.Exif()
        exif[274] = int(random.integers(1, 9))
        options["exif"] = exif
    buffer = io.BytesIO()
    image.save(buffer, "jpeg", **options)
    data = buffer.getvalue()
    marker = "as written"
    if mode == "CMYK":
        marker = str(random.choice(["as written", "none", "YCCK", "transform 1"]))
        at = data.find(b"Adobe")
        if marker == "none" and at > 0:
            data = data[:at - 4] + data[at + 12:]
        elif marker != "as written" and at > 0:
            data = data[:at + 11] + (b"\2" if marker == "YCCK" else b"\1") + data[at + 12:]
    if random.random() < 0.2:  # stray bytes before a marker
        data = data[:2] + data[2:4] + data[4:]
        at = 2 + 2 + struct.unpack(">H", data[4:6])[0]
        data = data[:at] + bytes(random.integers(0, 255, int(random.integers(1, 9))).astype(numpy.uint8)) + data[at:]
    theirs = pillow(data)
    if theirs is None:
        return
    add(f"jpeg {mode} {marker} {options.get('subsampling')} {options}"[:120], data, rgb=theirs)


def by_exif(height, width):
    """EXIF data of few fields, damaged, in a JPEG, PNG or WebP."""
    order = str(random.choice(["<", ">"]))
    fields = [(271, 2, 3, 0x414243), (274, int(random.choice([3, 3, 4])), int(random.choice([1, 1, 2])),
              int(random.integers(0, 10))), (305, 2, int(random.integers(5, 40)), int(random.integers(0, 300)))]
    fields = [fields[k] for k in random.permutation(3)]
    exif = struct.pack(order + "2sHIH", b"II" if order == "<" else b"MM", 42, 8, int(random.choice([3, 3, 65535])))
    for tag, kind, count, value in fields:
        exif += struct.pack(order + "HHI", tag, kind, count)
        exif += struct.pack(order + "H", value) + bytes(2) if kind == 3 else struct.pack(order + "I", value)
    exif = bytearray(exif + bytes(random.integers(0, 256, int(random.integers(0, 60))).astype(numpy.uint8)))
    for _ in range(int(random.integers(0, 3))):
        exif[int(random.integers(2, len(exif)))] ^= 1 << int(random.integers(0, 8))
    image = Image.fromarray(smooth(height, width, 3))
    kind = str(random.choice(["jpeg", "png", "webp"]))
    buffer = io.BytesIO()
    image.save(buffer, kind, exif=b"Exif\0\0" + bytes(exif), **({"lossless": True} if kind == "webp" else {}))
    data = buffer.getvalue()
    theirs = pillow(data)
    if theirs is not None:
        add(f"{kind} with EXIF data {bytes(exif).hex()}", data, rgb=theirs)


def by_webp(height, width):
    mode = str(random.choice(["RGB", "RGBA"]))
    image = Image.fromarray(smooth(height, width, 4), "RGBA").convert(mode)
    options = dict(lossless=bool(random.random() < 0.5), quality=int(random.integers(20, 100)))
    if random.random() < 0.3:
        exif = Image.Exif()
        exif[274] = int(random.integers(1, 9))
        options["exif"] = exif
    buffer = io.BytesIO()
    image.save(buffer, "webp", **options)
    data = buffer.getvalue()
    add(f"webp {mode} lossless {options['lossless']}", data, rgb=pillow(data), tolerance=0)


def first_of_many(height, width):
    """The first picture of a PNG's animation and the first page of a TIFF."""
    images = [Image.fromarray(smooth(height, width, 3)) for _ in range(3)]
    for kind in ("png", "tiff"):
        for options in ({}, {"default_image": True}):
            buffer = io.BytesIO()
            images[0].save(buffer, kind, save_all=True, append_images=images[1:], **options)
            data = buffer.getvalue()
            add(f"{kind} of several pictures {options}", data, rgb=pillow(data))


def refused(height, width):
    image = Image.fromarray(smooth(height, width, 3))
    for kind in ("gif", "jpeg2000", "ppm", "tga", "ico", "avif", "dds", "sgi", "pcx"):
        buffer = io.BytesIO()
        try:
            image.save(buffer, kind)
        except Exception:
            continue
        add(f"{kind} file", buffer.getvalue(), refuse=True)
    buffer = io.BytesIO()
    image.save(buffer, "webp", save_all=True, append_images=[image.rotate(90)], duration=100)
    if buffer.getvalue().find(b"ANIM") > 0:
        add("webp animated", buffer.getvalue(), refuse=True)


for size in range(1, 71):
    for make, count in ((by_tifffile, 8), (by_pillow, 3), (by_hand, 4), (by_bmp, 6), (by_png, 4), (by_jpeg, 4), (by_webp, 3),
                        (by_exif, 6)):
        for k in range(count):
            # Each size once as height and once as width.
            make(*((size, side()) if k % 2 else (side(), size)))
for _ in range(3):
    tiff_refused(side() + 2, side() + 2)
    refused(side(), side())
    first_of_many(side(), side())
(folder / "plan.json").write_text(json.dumps(plan))
print(f"{len(plan)} files; {len(alone)} that Pillow does not read")
