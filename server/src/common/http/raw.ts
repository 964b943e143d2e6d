import { applyDecorators, SetMetadata } from '@nestjs/common';
import { ApiExtension } from './openapi.js';

export const RAW_METADATA = 'opstage:raw';
/** Marks in the OpenAPI document what answers without an envelope. */
export const STREAM_EXTENSION = 'x-stream';

/** The handler's answer is the body as it is, without the envelope. Only for streams. */
export const Raw = () => applyDecorators(SetMetadata(RAW_METADATA, true), ApiExtension(STREAM_EXTENSION, true));
