"""Reads random sets (JSON lines, see compare.mjs) from stdin and prints what scikit-learn, scikit-image and the
definitions make of each, a JSON line per set. Needs numpy, scikit-learn, scikit-image, pandas.
"""
import json
import sys
import warnings

import numpy as np
import pandas as pd
from skimage import measure
from sklearn import metrics

warnings.filterwarnings("ignore")


def image_metrics(labels, scores):
    precision, recall, thresholds = metrics.precision_recall_curve(labels, scores)
    f1 = 2 * precision * recall / np.maximum(precision + recall, 1e-300)
    fpr, tpr, roc_thresholds = metrics.roc_curve(labels, scores)
    return {
        "auroc": metrics.roc_auc_score(labels, scores),
        "averagePrecision": metrics.average_precision_score(labels, scores),
        "f1": f1.max(),
        "youden": roc_thresholds[np.argmax(tpr - fpr)],
        "roc": [fpr.tolist(), tpr.tolist(), roc_thresholds.tolist()],
        "pr": [precision.tolist(), recall.tolist(), thresholds.tolist()],
    }


def pro_curve(masks, maps):
    """MVTec's definition: one point for each distinct score, and (0, 0)."""
    regions = []
    for mask, values in zip(masks, maps):
        labels = measure.label(mask != 0, connectivity=2)
        regions += [values[labels == k] for k in range(1, labels.max() + 1)]
    normal = np.sort(maps[masks == 0])
    thresholds = np.unique(maps)[::-1]
    fpr = (normal.size - np.searchsorted(normal, thresholds)) / normal.size
    pro = np.mean([(r.size - np.searchsorted(np.sort(r), thresholds)) / r.size for r in regions], axis=0)
    return np.r_[0, fpr], np.r_[0, pro], np.r_[np.inf, thresholds], len(regions)


def area_up_to(fpr, pro, limit):
    inside = fpr < limit
    x = np.r_[fpr[inside], limit]
    y = np.r_[pro[inside], np.interp(limit, fpr, pro)]
    at = np.flatnonzero(fpr == limit)  # of several points there the first ends the area
    if at.size:
        y[-1] = pro[at[0]]
    return np.trapezoid(y, x) / limit


def reference_pro(masks, maps):
    """The DDAD reference: 200 thresholds over min-max scaled float32 maps, compared in float32 as numpy 1 does."""
    maps = maps.astype(np.float32)
    scaled = (maps - maps.min()) / (maps.max() - maps.min())
    rows = []
    for threshold in np.arange(0, 1, 1 / 200):
        predicted = (scaled > np.float32(threshold)).astype(np.float64)
        pros = []
        for prediction, mask in zip(predicted, masks):
            for region in measure.regionprops(measure.label(mask == 1)):
                pros.append(prediction[tuple(region.coords.T)].sum() / region.area)
        false = np.logical_and(masks != 1, predicted).sum()
        rows.append({"pro": np.mean(pros), "fpr": false / (1 - masks).sum(), "threshold": threshold})
    points = pd.DataFrame(rows)
    points = points[points["fpr"] < 0.3]
    if len(points) < 2 or points["fpr"].max() == 0:
        return None
    return metrics.auc(points["fpr"] / points["fpr"].max(), points["pro"])


for line in sys.stdin:
    case = json.loads(line)
    if case["kind"] == "image":
        print(json.dumps(image_metrics(np.array(case["labels"]), np.array(case["scores"]))))
        continue
    masks = np.array(case["masks"]).reshape(case["shape"])
    maps = np.array(case["maps"], np.float64).reshape(case["shape"])
    if case["kind"] == "components":
        labels = [measure.label(masks[0] != 0, connectivity=c) for c in (1, 2)]
        print(json.dumps({"counts": [int(l.max()) for l in labels]}))
        continue
    fpr, pro, thresholds, regions = pro_curve(masks, maps)
    print(json.dumps({
        "regions": regions,
        "curve": [fpr.tolist(), pro.tolist(), thresholds.tolist()],
        "aupro": [area_up_to(fpr, pro, limit) for limit in case["limits"]],
        "ddad": reference_pro(masks, maps) if np.ptp(maps) > 0 else None,
        "pixel": image_metrics((masks.ravel() != 0).astype(int), maps.ravel()) | {"roc": 0, "pr": 0},
    }))
