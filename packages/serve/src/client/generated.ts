// Written by tools/docs/client.mjs from the schemas of the routes.

/** The bytes of a file, or a form with several. */
export type Body = Uint8Array | Blob | FormData;

/** What each function of the client takes and gives. */
export interface Operations {
  /** The process lives. */
  health: {
    input: object;
    answer: {
      status: 'ok';
    };
  };
  /** The detectors are loaded. */
  ready: {
    input: object;
    answer: {
      status: 'ok';
    };
  };
  /** For a Prometheus server. */
  metrics: {
    input: object;
    answer: Response;
  };
  /** The detectors of this station. */
  listDetectors: {
    input: object;
    answer: Array<{
      /** Name of a detector. */
      name: string;
      /** The one in use. */
      version: number;
      versions: Array<{
        /** 1 is what the station was given; later ones count up. */
        version: number;
        /** ISO 8601. */
        createdAt: string;
        /** What made it: given, threshold, roi, recalibrated, replaced. */
        cause: string;
      }>;
      /** Of the version in use, ISO 8601. */
      createdAt: string;
      /** Side of the square that images are resized to, pixels. */
      imageSize: number;
      channels: number;
      /** How an image that is not square becomes square: stretch, pad or crop. */
      fit: string;
      score: {
        normalization: string;
        terms: Array<{
          name: string;
          weight: number;
        }>;
      };
      threshold: {
        value: number;
        from: string;
      };
    }>;
  };
  /** One detector, with what it was calibrated on. */
  getDetector: {
    input: {
      /** Name of a detector. */
      name: string;
    };
    answer: {
      /** Name of a detector. */
      name: string;
      /** The one in use. */
      version: number;
      versions: Array<{
        /** 1 is what the station was given; later ones count up. */
        version: number;
        /** ISO 8601. */
        createdAt: string;
        /** What made it: given, threshold, roi, recalibrated, replaced. */
        cause: string;
      }>;
      /** Of the version in use, ISO 8601. */
      createdAt: string;
      /** Side of the square that images are resized to, pixels. */
      imageSize: number;
      channels: number;
      /** How an image that is not square becomes square: stretch, pad or crop. */
      fit: string;
      score: {
        normalization: string;
        terms: Array<{
          name: string;
          weight: number;
        }>;
      };
      threshold: {
        value: number;
        from: string;
      };
      calibration: {
        n: number;
        method: string;
        falseAlarmRate: number;
        /** Of the good images that the threshold comes from. */
        scores: Array<number>;
      } | null;
      /** Part of each side that is scored, around the centre of the map; null: all of it. */
      crop: number | null;
      /** What of a picture is judged, polygons in fractions of it; null: all. */
      regionOfInterest: {
        include: Array<Array<[number, number]>>;
        ignore: Array<Array<[number, number]>>;
      } | null;
      /** Whether scores still look like those of the calibration; null where there is none. */
      drift: {
        /** Called good since this version is in use. */
        images: number;
        /** How likely scores so unlike those of the calibration are without a drift, at most. */
        level: number;
        /** Where level has been 0.01 or less: how they differ; null: they look alike. */
        direction: 'higher' | 'lower' | 'other' | null;
      } | null;
      limits: {
        bytes: number;
        pixels: number;
        files: number;
        queue: number;
        seconds: number;
        detectorBytes: number;
      };
    };
  };
  /** Puts a detector, a .ddad file, in place of this one. */
  replaceDetector: {
    input: {
      /** Name of a detector. */
      name: string;
      body: Body;
    };
    answer: {
      /** Name of a detector. */
      name: string;
      /** The one in use. */
      version: number;
      versions: Array<{
        /** 1 is what the station was given; later ones count up. */
        version: number;
        /** ISO 8601. */
        createdAt: string;
        /** What made it: given, threshold, roi, recalibrated, replaced. */
        cause: string;
      }>;
      /** Of the version in use, ISO 8601. */
      createdAt: string;
      /** Side of the square that images are resized to, pixels. */
      imageSize: number;
      channels: number;
      /** How an image that is not square becomes square: stretch, pad or crop. */
      fit: string;
      score: {
        normalization: string;
        terms: Array<{
          name: string;
          weight: number;
        }>;
      };
      threshold: {
        value: number;
        from: string;
      };
    };
  };
  /** Uses another version, back or forth. */
  activateVersion: {
    input: {
      /** Name of a detector. */
      name: string;
      version: string;
    };
    answer: {
      /** Name of a detector. */
      name: string;
      /** The one in use. */
      version: number;
      versions: Array<{
        /** 1 is what the station was given; later ones count up. */
        version: number;
        /** ISO 8601. */
        createdAt: string;
        /** What made it: given, threshold, roi, recalibrated, replaced. */
        cause: string;
      }>;
      /** Of the version in use, ISO 8601. */
      createdAt: string;
      /** Side of the square that images are resized to, pixels. */
      imageSize: number;
      channels: number;
      /** How an image that is not square becomes square: stretch, pad or crop. */
      fit: string;
      score: {
        normalization: string;
        terms: Array<{
          name: string;
          weight: number;
        }>;
      };
      threshold: {
        value: number;
        from: string;
      };
    };
  };
  /** Looks at an image, or at the files of a form. */
  detect: {
    input: {
      /** Answer with the map: in colours, or its float32 values. */
      map?: 'png' | 'raw';
      /** Answer with the picture, heat map and frames painted on it. */
      overlay?: 'jpeg';
      /** Answer with the picture without its anomaly. */
      reconstruction?: 'png';
      /** Name of a detector. */
      name: string;
      body: Body;
    };
    answer:
      | {
          detector: string;
          /** The version that gave this answer. */
          version: number;
          image: {
            /** As the request gave it. */
            name: string | null;
            /** Pixels, upright. */
            width: number;
            height: number;
            /** Of the bytes that were sent, hexadecimal. */
            sha256: string;
          };
          score: number;
          threshold: number;
          /** score >= threshold */
          anomalous: boolean;
          /** The picture as a whole is unlike all good ones; null where the detector cannot tell. */
          foreign: boolean | null;
          /** Connected parts at or above the threshold, in pixels of the image, highest peak first. */
          regions: Array<{
            x: number;
            y: number;
            width: number;
            height: number;
            /** Highest value of the map within. */
            peak: number;
            /** Pixels of the map. */
            area: number;
          }>;
          /** Milliseconds. */
          timings: {
            queue: number;
            decode: number;
            infer: number;
          };
          map?: {
            /** Media type. */
            type: string;
            width: number;
            height: number;
            base64: string;
          };
          overlay?: {
            /** Media type. */
            type: string;
            width: number;
            height: number;
            base64: string;
          };
          reconstruction?: {
            /** Media type. */
            type: string;
            width: number;
            height: number;
            base64: string;
          };
        }
      | {
          /** One per file, in their order. */
          detections: Array<
            | {
                detector: string;
                /** The version that gave this answer. */
                version: number;
                image: {
                  /** As the request gave it. */
                  name: string | null;
                  /** Pixels, upright. */
                  width: number;
                  height: number;
                  /** Of the bytes that were sent, hexadecimal. */
                  sha256: string;
                };
                score: number;
                threshold: number;
                /** score >= threshold */
                anomalous: boolean;
                /** The picture as a whole is unlike all good ones; null where the detector cannot tell. */
                foreign: boolean | null;
                /** Connected parts at or above the threshold, in pixels of the image, highest peak first. */
                regions: Array<{
                  x: number;
                  y: number;
                  width: number;
                  height: number;
                  /** Highest value of the map within. */
                  peak: number;
                  /** Pixels of the map. */
                  area: number;
                }>;
                /** Milliseconds. */
                timings: {
                  queue: number;
                  decode: number;
                  infer: number;
                };
                map?: {
                  /** Media type. */
                  type: string;
                  width: number;
                  height: number;
                  base64: string;
                };
                overlay?: {
                  /** Media type. */
                  type: string;
                  width: number;
                  height: number;
                  base64: string;
                };
                reconstruction?: {
                  /** Media type. */
                  type: string;
                  width: number;
                  height: number;
                  base64: string;
                };
              }
            | {
                error: {
                  code: string;
                  message: string;
                  remedy?: string;
                };
                image: {
                  name: string | null;
                };
              }
          >;
        };
  };
  /** Keeps what a person says of a picture, and the picture. */
  judge: {
    input: {
      verdict?: 'good' | 'bad' | 'none';
      note?: string;
      /** Name of a detector. */
      name: string;
      body: Body;
    };
    answer: {
      judgements: Array<{
        /** Of the file, hexadecimal. */
        sha256: string;
        verdict: 'good' | 'bad';
        note: string | null;
        name: string | null;
        /** ISO 8601. */
        time: string;
        /** Of the detector, when it was judged. */
        version: number;
      }>;
    };
  };
  /** The pictures that people have judged. */
  listJudgements: {
    input: {
      /** Name of a detector. */
      name: string;
    };
    answer: {
      judgements: Array<{
        /** Of the file, hexadecimal. */
        sha256: string;
        verdict: 'good' | 'bad';
        note: string | null;
        name: string | null;
        /** ISO 8601. */
        time: string;
        /** Of the detector, when it was judged. */
        version: number;
      }>;
    };
  };
  /** The judged pictures as a tar in the layout of MVTec AD. */
  exportJudgements: {
    input: {
      /** Name of a detector. */
      name: string;
    };
    answer: Response;
  };
  /** Another threshold, as a new version. */
  setThreshold: {
    input: {
      /** Name of a detector. */
      name: string;
      body: {
        /** Scores at or above it are anomalous. */
        threshold: number;
      };
    };
    answer: {
      /** Name of a detector. */
      name: string;
      /** The one in use. */
      version: number;
      versions: Array<{
        /** 1 is what the station was given; later ones count up. */
        version: number;
        /** ISO 8601. */
        createdAt: string;
        /** What made it: given, threshold, roi, recalibrated, replaced. */
        cause: string;
      }>;
      /** Of the version in use, ISO 8601. */
      createdAt: string;
      /** Side of the square that images are resized to, pixels. */
      imageSize: number;
      channels: number;
      /** How an image that is not square becomes square: stretch, pad or crop. */
      fit: string;
      score: {
        normalization: string;
        terms: Array<{
          name: string;
          weight: number;
        }>;
      };
      threshold: {
        value: number;
        from: string;
      };
    };
  };
  /** Another region of interest, as a new version. */
  setRegionOfInterest: {
    input: {
      /** Name of a detector. */
      name: string;
      body: {
        /** Judged is what lies in one of them: corners [x, y] in fractions of the picture. Empty: all of it. */
        include: Array<Array<[number, number]>>;
        /** What of that is left out. */
        ignore: Array<Array<[number, number]>>;
      };
    };
    answer: {
      /** Name of a detector. */
      name: string;
      /** The one in use. */
      version: number;
      versions: Array<{
        /** 1 is what the station was given; later ones count up. */
        version: number;
        /** ISO 8601. */
        createdAt: string;
        /** What made it: given, threshold, roi, recalibrated, replaced. */
        cause: string;
      }>;
      /** Of the version in use, ISO 8601. */
      createdAt: string;
      /** Side of the square that images are resized to, pixels. */
      imageSize: number;
      channels: number;
      /** How an image that is not square becomes square: stretch, pad or crop. */
      fit: string;
      score: {
        normalization: string;
        terms: Array<{
          name: string;
          weight: number;
        }>;
      };
      threshold: {
        value: number;
        from: string;
      };
    };
  };
  /** Takes the pictures judged good into account, as a new version. */
  recalibrate: {
    input: {
      /** Name of a detector. */
      name: string;
      body: {
        /** The pictures join the memory. Default: where there is one. */
        memory?: boolean;
        /** Scales and threshold from the pictures judged good alone, at least three: for another camera or light. */
        forget?: boolean;
      };
    };
    answer: {
      /** The new one, which is in use now. */
      version: number;
      /** The version whose memory and scores the pictures were added to. */
      base: number;
      /** Judged good, and taken into account. */
      pictures: number;
      threshold: number;
      seconds: number;
    };
  };
  /** Everything that was decided, a JSON line each. */
  getLog: {
    input: {
      /** Name of a detector. */
      name: string;
    };
    answer: Response;
  };
}

/** Where each function's request goes. */
export const routes: {
  [name in keyof Operations]: { method: string; path: string; query: readonly string[] };
} = {
  health: { method: 'GET', path: '/health', query: [] },
  ready: { method: 'GET', path: '/ready', query: [] },
  metrics: { method: 'GET', path: '/metrics', query: [] },
  listDetectors: { method: 'GET', path: '/v1/detectors', query: [] },
  getDetector: { method: 'GET', path: '/v1/detectors/{name}', query: [] },
  replaceDetector: { method: 'PUT', path: '/v1/detectors/{name}', query: [] },
  activateVersion: { method: 'POST', path: '/v1/detectors/{name}/versions/{version}/activate', query: [] },
  detect: {
    method: 'POST',
    path: '/v1/detectors/{name}/detect',
    query: ['map', 'overlay', 'reconstruction', 'json', 'name'],
  },
  judge: { method: 'POST', path: '/v1/detectors/{name}/judgements', query: ['verdict', 'note', 'name'] },
  listJudgements: { method: 'GET', path: '/v1/detectors/{name}/judgements', query: [] },
  exportJudgements: { method: 'GET', path: '/v1/detectors/{name}/judgements/export', query: [] },
  setThreshold: { method: 'PUT', path: '/v1/detectors/{name}/threshold', query: [] },
  setRegionOfInterest: { method: 'PUT', path: '/v1/detectors/{name}/roi', query: [] },
  recalibrate: { method: 'POST', path: '/v1/detectors/{name}/recalibrate', query: [] },
  getLog: { method: 'GET', path: '/v1/detectors/{name}/log', query: [] },
};
