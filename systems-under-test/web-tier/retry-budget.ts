/** Retries that a client may save up. */
const MOST = 10;

/**
 * A budget of retries: each request adds a share of one, each retry takes one away. In good times almost every retry is granted; when all
 * fail, the load grows by that share and no more. (The token bucket of gRPC's and Finagle's retry throttling; The Site Reliability
 * Book, chapter 21, "Handling Overload".)
 */
export class RetryBudget {
  private readonly share: number;
  private saved = 0;

  /** `share`: retries for each request; 0: no bound. */
  constructor(share: number) {
    this.share = share;
  }

  request(): void {
    this.saved = Math.min(MOST, this.saved + this.share);
  }

  /** True if one more retry is granted. */
  take(): boolean {
    if (this.share === 0) return true;
    if (this.saved < 1) return false;
    this.saved -= 1;
    return true;
  }
}
