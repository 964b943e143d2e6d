import type { DataSource } from 'typeorm';
import type { DatabaseKind } from '#contracts';

export const kindOf = ({ options }: DataSource): DatabaseKind => (options.type === 'postgres' ? 'postgres' : 'sqlite');
