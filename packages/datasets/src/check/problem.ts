/** One kind of fault in a data set, and what to do about it. */
export interface DatasetProblem {
  /** Errors spoil training or evaluation; warnings may be meant so. */
  severity: 'error' | 'warning';
  code:
    | 'no-folder'
    | 'cannot-open'
    | 'unreadable'
    | 'missing-mask'
    | 'orphan-mask'
    | 'ambiguous-mask'
    | 'mask-size'
    | 'empty-mask'
    | 'mask-values'
    | 'mask-on-good'
    | 'train-test-duplicate'
    | 'duplicate'
    | 'few-train'
    | 'no-test-good'
    | 'no-test-defect'
    | 'mixed-sizes'
    | 'mixed-channels'
    | 'deep'
    | 'wrong-extension'
    | 'unused-images'
    | 'unread-files'
    | 'archive'
    | 'unclear-folders'
    | 'list'
    | 'no-images';
  /** One line that says what was found. */
  message: string;
  remedy: string;
  /** The files or folders concerned, relative to the data set's root, with `/`. */
  paths: string[];
}
