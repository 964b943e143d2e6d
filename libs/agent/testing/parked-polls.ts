/** The polls a wire server holds open, each until it is released, times out or loses its connection. */
export class ParkedPolls {
  /** Polls whose client disconnected while they were held. */
  abandonedCount = 0;
  private readonly releases = new Set<() => void>();

  /** Polls held right now. */
  get count(): number {
    return this.releases.size;
  }

  /** Ends all held polls. */
  release(): void {
    for (const release of [...this.releases]) release();
  }

  /** Holds a poll; resolves when it should be answered, or its connection is closed. */
  hold(seconds: number, connectionClosed: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const release = (): void => {
        clearTimeout(timer);
        connectionClosed.removeEventListener('abort', abandon);
        this.releases.delete(release);
        resolve();
      };
      const abandon = (): void => {
        this.abandonedCount += 1;
        release();
      };
      const timer = setTimeout(release, seconds * 1000);
      this.releases.add(release);
      connectionClosed.addEventListener('abort', abandon);
    });
  }
}
