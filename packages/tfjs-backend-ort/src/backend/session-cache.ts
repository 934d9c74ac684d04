import type { Session } from '../runtime/runtime.js';

/** Sessions by graph structure; the least recently used is disposed when there are more than `limit`. */
export class SessionCache {
  private readonly sessions = new Map<string, Session>();

  constructor(private readonly limit: number) {}

  get size(): number {
    return this.sessions.size;
  }

  get(key: string): Session | undefined {
    const session = this.sessions.get(key);
    if (session) {
      this.sessions.delete(key);
      this.sessions.set(key, session);
    }
    return session;
  }

  add(key: string, session: Session): Session {
    this.sessions.set(key, session);
    if (this.sessions.size > this.limit) {
      const [oldestKey, oldest] = this.sessions.entries().next().value!;
      this.sessions.delete(oldestKey);
      oldest.dispose();
    }
    return session;
  }

  clear(): void {
    for (const session of this.sessions.values()) session.dispose();
    this.sessions.clear();
  }
}
