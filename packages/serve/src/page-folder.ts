/** The built page: this file lies one folder deep as source, and as what it is built into. */
export const pageFolder = new URL('../dist/page/', import.meta.url);
