/** What a thread beside the serving one says of its failure: sending an error itself would lose its code. */
export interface SideError {
  readonly message: string;
  readonly code?: string;
}

/** The error it was, with its code: whether the same request may work a little later depends on that. */
export const asError = ({ message, code }: SideError): Error =>
  Object.assign(new Error(message), code === undefined ? {} : { code });
