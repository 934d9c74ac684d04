export { symmetricEigen } from './symmetric-eigen.js';
