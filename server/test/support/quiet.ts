import { Logger } from '@nestjs/common';

// What a test expects to be logged would bury what it does not expect.
Logger.overrideLogger(false);

// Every server listens for the signals that stop it, and one file may start many.
process.setMaxListeners(100);
