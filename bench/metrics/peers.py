"""python peers.py <what> <prefix> <n> <side> [thresholds]: one line of JSON, see run.mjs."""
import json
import resource
import sys
import time

import numpy as np

what, prefix, n, side = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
maps = np.fromfile(prefix + '.maps', np.float32).reshape(n, side, side)
masks = np.fromfile(prefix + '.masks', np.uint8).reshape(n, side, side)


def sort():
    np.sort(maps.ravel())
    return []


def scikit_learn():
    from sklearn.metrics import average_precision_score, roc_auc_score

    return [roc_auc_score(masks.ravel(), maps.ravel()), average_precision_score(masks.ravel(), maps.ravel())]


def adeval():
    import cv2

    cv2.setNumThreads(1)
    if not hasattr(np, 'trapz'):  # adeval 1.1.0 calls what numpy 2.4 no longer has
        np.trapz = np.trapezoid
    from adeval import EvalAccumulator

    accumulator = EvalAccumulator(float(maps.min()), float(maps.max()))
    accumulator.add_anomap_batch(list(maps), list(masks))
    accumulator.add_image(maps.max((1, 2)), masks.max((1, 2)))
    accumulator.add_sample(maps.max((1, 2)), masks.max((1, 2)))
    result = accumulator.summary()
    return [result['p_auroc'], result['p_aupr'], result['p_aupro']]


def reference():
    """The DDAD reference's method: for each of 200 thresholds, label every mask and count every region."""
    import pandas as pd
    from skimage import measure
    from sklearn.metrics import auc

    thresholds = int(sys.argv[5])
    scaled = (maps - maps.min()) / (maps.max() - maps.min())
    predicted = np.zeros_like(scaled)
    points = pd.DataFrame([], columns=['pro', 'fpr', 'threshold'])
    for threshold in np.arange(0, 1, 1 / 200)[:: 200 // thresholds]:
        predicted[scaled <= threshold] = 0
        predicted[scaled > threshold] = 1
        overlaps = []
        for prediction, mask in zip(predicted, masks):
            for region in measure.regionprops(measure.label(mask)):
                rows, columns = region.coords[:, 0], region.coords[:, 1]
                overlaps.append(prediction[rows, columns].sum() / region.area)
        inverse = 1 - masks
        fpr = np.logical_and(inverse, predicted).sum() / inverse.sum()
        row = pd.DataFrame({'pro': np.mean(overlaps), 'fpr': fpr, 'threshold': threshold}, index=[0])
        points = pd.concat([points, row])
    points = points[points['fpr'] < 0.3]
    points['fpr'] = points['fpr'] / points['fpr'].max()
    return [auc(points['fpr'], points['pro'])] if thresholds == 200 else []


measures = {'sort': sort, 'scikit-learn': scikit_learn, 'adeval': adeval, 'reference': reference}
runs = 1 if what == 'reference' else 4
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
seconds, extra = [], None
for run in range(runs):
    start = time.process_time()
    values = measures[what]()
    seconds.append(time.process_time() - start)
    extra = extra or round((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024)
if runs > 1:
    seconds = seconds[1:]  # the first imports
scale = 200 / int(sys.argv[5]) if what == 'reference' else 1
print(json.dumps({'seconds': sorted(seconds)[len(seconds) // 2] * scale, 'extraMB': extra, 'values': ' '.join(str(float(v)) for v in values)}))
