import type { Response } from 'express';

/** Streams `text`, and sends what it turned out to be after it (RFC 9110, section 6.5). */
export async function* withTrailers<N extends string>(
  response: Response,
  names: readonly N[],
  text: AsyncGenerator<string, Readonly<Record<N, string>>>,
): AsyncGenerator<string> {
  response.setHeader('Trailer', names.join(', '));
  response.addTrailers(yield* text);
}
