const key = 'ddad-token';

/** The station's token, as long as the tab is open. */
export const storedToken = {
  get: (): string | null => sessionStorage.getItem(key),
  set: (token: string): void => sessionStorage.setItem(key, token),
};
