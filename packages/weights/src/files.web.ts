const refuse = (name: string, remedy: string) => async (): Promise<never> => {
  throw new Error(`${name}: needs a file system (Node); in a browser ${remedy}`);
};

export const downloadFile = refuse('downloadFile', 'fetch the bytes');
export const cachedPretrainedPath = refuse(
  'cachedPretrainedPath',
  'fetch the file and give its bytes to readTorch',
);
export const pretrainedPath = refuse('pretrainedPath', 'fetch the file and give its bytes to readTorch');
export const readStateDict = refuse('readStateDict', 'give the bytes to readSafetensors or readTorch');
export const readWeightsFile = refuse('readWeightsFile', 'give the bytes to readSafetensors or readTorch');
export const writeSafetensorsFile = refuse('writeSafetensorsFile', 'keep the bytes of writeSafetensors');
