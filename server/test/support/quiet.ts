import { Logger } from '@nestjs/common';

// Expected log lines would bury unexpected ones.
Logger.overrideLogger(false);

// Every server listens for the signals that stop it, and a test file can start many servers.
process.setMaxListeners(100);
