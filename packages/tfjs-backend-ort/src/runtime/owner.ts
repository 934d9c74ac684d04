/**
 * Keeps a session until the tensors that lie in its device memory are gone: ONNX Runtime crashes where a tensor
 * outlives the session that allocated it.
 */
export class Owner<T extends { dispose(): void }> {
  private static readonly of = new WeakMap<object, Owner<never>>();
  private tensors = 0;
  private closed = false;

  constructor(private readonly closeSession: () => void) {}

  /** Disposes a tensor, and its session if that was waiting for it. */
  static release(tensor: { dispose(): void }): void {
    const owner = Owner.of.get(tensor);
    tensor.dispose();
    if (owner && --owner.tensors === 0 && owner.closed) owner.closeSession();
  }

  adopt(tensor: T): void {
    Owner.of.set(tensor, this as Owner<never>);
    this.tensors++;
  }

  close(): void {
    this.closed = true;
    if (this.tensors === 0) this.closeSession();
  }
}
