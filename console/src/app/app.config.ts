import { provideHttpClient, withInterceptors } from '@angular/common/http';
import { inject, provideAppInitializer, type ApplicationConfig } from '@angular/core';
import {
  provideRouter,
  TitleStrategy,
  withComponentInputBinding,
  withInMemoryScrolling,
  withNavigationErrorHandler,
  withRouterConfig,
} from '@angular/router';
import { routes } from './app.routes';
import { apiInterceptor } from './core/api/api.interceptor';
import { Language, provideI18n } from './core/i18n/i18n';
import { provideVisibleMarks } from './core/i18n/visible-marks';
import { registerIcons } from './core/icons/icons';
import { Refresh } from './core/live/refresh';
import { Notify } from './core/notify/notify';
import { ChunkErrors, isChunkError } from './core/recovery/chunk-errors';
import { Session } from './core/session/session';
import { PageTitle } from './core/shell/title-strategy';
import { Theme } from './core/theme/theme';

export const appConfig: ApplicationConfig = {
  providers: [
    provideRouter(
      routes,
      withComponentInputBinding(),
      withInMemoryScrolling({ scrollPositionRestoration: 'enabled' }),
      withRouterConfig({ canceledNavigationResolution: 'computed' }),
      withNavigationErrorHandler(({ error, url }) => {
        if (isChunkError(error) && !inject(ChunkErrors).reopen(url)) inject(Notify).failed(error);
      }),
    ),
    { provide: TitleStrategy, useExisting: PageTitle },
    provideHttpClient(withInterceptors([apiInterceptor])),
    provideI18n(),
    provideVisibleMarks(),
    provideAppInitializer(() => {
      registerIcons();
      inject(Theme).apply();
      inject(Language).apply();
      // Before the first page reads anything, so that it misses nothing.
      inject(Refresh);
      return inject(Session).load();
    }),
  ],
};
