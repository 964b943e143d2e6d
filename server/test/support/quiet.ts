import { Logger } from '@nestjs/common';

// What a test expects to be logged would bury what it does not expect.
Logger.overrideLogger(false);
