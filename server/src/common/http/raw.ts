import { ApiExtension } from './openapi.js';

/** Marks in the OpenAPI document what answers without an envelope. */
export const STREAM_EXTENSION = 'x-stream';

/** Says that the handler's answer is a stream, which leaves without the envelope. */
export const Raw = () => ApiExtension(STREAM_EXTENSION, true);
