declare module '*.wasm' {
  /** The file in base64: the browser's build embeds it. */
  const base64: string;
  export default base64;
}
