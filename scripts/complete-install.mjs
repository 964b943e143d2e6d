import { completeInstall } from './lib/complete-install.mjs';

completeInstall();
