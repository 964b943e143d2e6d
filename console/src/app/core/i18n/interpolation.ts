import type { EnvironmentProviders } from '@angular/core';
import { provideTranslocoTranspiler, type TranslocoTranspiler } from '@jsverse/transloco';

/** Our texts' parameters, such as `{{ name }}`. */
const PARAM = /\{\{\s*(\w+)\s*\}\}/g;

/** The part of Transloco's input that is used here. */
type Filling = Parameters<TranslocoTranspiler['transpile']>[0];

/**
 * Fills each parameter of a text once, and takes what is filled in as it is. Transloco's own way reads the filled text
 * again and again until no braces are left: from what an agent says, `{{x}}` would vanish, and a name such as
 * `{{ name }}` would keep the page busy for ever.
 */
class Interpolation implements TranslocoTranspiler {
  transpile({ value, params = {} }: Filling): unknown {
    if (typeof value !== 'string') return value;
    return value.replace(PARAM, (_, name: string) => String((Object.hasOwn(params, name) ? params[name] : null) ?? ''));
  }
}

/** Uses {@link Interpolation} for every text. */
export const provideInterpolation = (): EnvironmentProviders => provideTranslocoTranspiler(Interpolation);
