import type * as Swagger from '@nestjs/swagger';

type Decorators = Pick<
  typeof Swagger,
  | 'ApiBearerAuth'
  | 'ApiCookieAuth'
  | 'ApiExtension'
  | 'ApiHeader'
  | 'ApiOperation'
  | 'ApiParam'
  | 'ApiPropertyOptional'
  | 'ApiResponse'
  | 'ApiTags'
>;

type Decorate = (...target: readonly unknown[]) => void;

const pending: ((swagger: typeof Swagger) => void)[] = [];

/** The decorator of that name; it is applied when {@link loadSwagger} loads the library. */
const later = <Name extends keyof Decorators>(name: Name): Decorators[Name] => {
  const decorator =
    (...options: readonly unknown[]): Decorate =>
    (...target) => {
      pending.push((swagger) => {
        const make = swagger[name] as (...options: readonly unknown[]) => Decorate;
        make(...options)(...target);
      });
    };
  return decorator as Decorators[Name];
};

// The library and its dependencies are 600 modules, an eighth of the start and 6 MB; few servers ever need them.
export const ApiBearerAuth = later('ApiBearerAuth');
export const ApiCookieAuth = later('ApiCookieAuth');
export const ApiExtension = later('ApiExtension');
export const ApiHeader = later('ApiHeader');
export const ApiOperation = later('ApiOperation');
export const ApiParam = later('ApiParam');
export const ApiPropertyOptional = later('ApiPropertyOptional');
export const ApiResponse = later('ApiResponse');
export const ApiTags = later('ApiTags');

/** Loads the library and applies these decorators. */
export const loadSwagger = async (): Promise<typeof Swagger> => {
  const swagger = await import('@nestjs/swagger');
  for (const apply of pending.splice(0)) apply(swagger);
  return swagger;
};
