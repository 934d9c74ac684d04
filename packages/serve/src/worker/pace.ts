/** Milliseconds that pass between one answer and the next while there is work, of late. */
export class Pace {
  #milliseconds: number | undefined;

  get milliseconds(): number | undefined {
    return this.#milliseconds;
  }

  /** @param among tasks that were worked on at the same time */
  add(milliseconds: number, among: number): void {
    const each = milliseconds / among;
    this.#milliseconds = this.#milliseconds === undefined ? each : 0.8 * this.#milliseconds + 0.2 * each;
  }
}
