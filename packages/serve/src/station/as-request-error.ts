import { UserError } from '@ddad/detector';
import { ServiceError } from '../service-error.js';
import { ThreadError } from '../worker/error-message.js';

/** Runs what changes a detector: what the request asks for and cannot be done is an error of the request. */
export async function asRequestError<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (UserError.isInstance(error)) {
      throw new ServiceError(error.reason, { code: 'request', remedy: error.remedy, cause: error });
    }
    if (error instanceof ThreadError && error.name === 'UserError') {
      throw new ServiceError(error.message, { code: 'request', remedy: error.remedy, cause: error });
    }
    throw error;
  }
}
