/** A weights file as base64, put in by the bundler. */
declare module '*.safetensors' {
  const base64: string;
  export default base64;
}
