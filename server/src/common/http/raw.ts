import { SetMetadata } from '@nestjs/common';

export const RAW_METADATA = 'opstage:raw';

/** The handler's answer is the body as it is, without the envelope. Only for streams. */
export const Raw = () => SetMetadata(RAW_METADATA, true);
