import { CreateSchema1790000000000 } from './1790000000000-create-schema.js';

/** In the order they run. One that has been released is never edited. */
export const migrations = [CreateSchema1790000000000];
