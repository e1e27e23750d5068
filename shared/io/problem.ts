/** An answer that is a refusal: RFC 9457 problem+json. `type` is for machines and stable, `title` and `detail` for people. */
export class Problem extends Error {
  readonly status: number;
  readonly type: string;
  readonly title: string;
  readonly extra: Readonly<Record<string, unknown>>;

  constructor(options: ProblemOptions) {
    super(options.detail ?? options.title);
    this.name = 'Problem';
    this.status = options.status;
    this.type = options.type;
    this.title = options.title;
    this.extra = options.extra ?? {};
  }
}

export interface ProblemOptions {
  readonly status: number;
  /** Snake case, as in `drive_unknown`. */
  readonly type: string;
  readonly title: string;
  readonly detail?: string;
  /** Further members of the document. */
  readonly extra?: Readonly<Record<string, unknown>>;
}
