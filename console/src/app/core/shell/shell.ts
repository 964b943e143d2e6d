import { BreakpointObserver } from '@angular/cdk/layout';
import { Component, effect, ElementRef, inject, signal, viewChild } from '@angular/core';
import { takeUntilDestroyed, toSignal } from '@angular/core/rxjs-interop';
import { MatIconButton } from '@angular/material/button';
import { MatDialog } from '@angular/material/dialog';
import { MatIcon } from '@angular/material/icon';
import { MatMenuModule } from '@angular/material/menu';
import { MatSidenavModule } from '@angular/material/sidenav';
import { ActivatedRoute, NavigationEnd, Router, RouterLink, RouterLinkActive, RouterOutlet } from '@angular/router';
import { filter, map } from 'rxjs';
import { Language, LANGUAGES } from '../i18n/i18n';
import { TextPipe } from '../i18n/texts';
import { Notify } from '../notify/notify';
import { Palette } from '../palette/palette';
import { Enrolment } from '../session/enrolment';
import { IfRole } from '../session/if-role';
import { Session } from '../session/session';
import { SignOut } from '../session/sign-out';
import { Theme, THEMES } from '../theme/theme';
import { LiveDot } from './live-dot';
import { NAV } from './nav';

/** The frame around every page: menu, user and settings of the console. */
@Component({
  selector: 'ops-shell',
  templateUrl: './shell.html',
  styleUrl: './shell.scss',
  imports: [
    IfRole,
    LiveDot,
    MatIcon,
    MatIconButton,
    MatMenuModule,
    MatSidenavModule,
    RouterLink,
    RouterLinkActive,
    RouterOutlet,
    TextPipe,
  ],
  host: { '[class.kiosk]': 'isKiosk()', '(document:keydown)': 'palette.onKey($event)' },
})
export class Shell {
  readonly #router = inject(Router);
  readonly #notify = inject(Notify);
  readonly #dialogs = inject(MatDialog);
  readonly #enrolment = inject(Enrolment);
  protected readonly palette = inject(Palette);
  protected readonly session = inject(Session);
  protected readonly signOut = inject(SignOut);
  protected readonly theme = inject(Theme);
  protected readonly language = inject(Language);

  protected readonly nav = NAV;
  protected readonly shortcut = /mac|iphone|ipad/i.test(navigator.userAgent) ? '⌘ K' : 'Ctrl K';
  protected readonly themes = THEMES;
  protected readonly languages = LANGUAGES;
  /** `?kiosk=1` shows the page alone, for a wall screen. */
  protected readonly isKiosk = toSignal(
    inject(ActivatedRoute).queryParamMap.pipe(map((params) => params.get('kiosk') === '1')),
    { initialValue: false },
  );
  protected readonly isNavOpen = signal(false);
  protected readonly isNarrow = toSignal(
    inject(BreakpointObserver)
      .observe('(max-width: 900px)')
      .pipe(map(({ matches }) => matches)),
    { initialValue: false },
  );
  protected readonly main = viewChild.required<ElementRef<HTMLElement>>('main');

  constructor() {
    // After a navigation the focus starts at the new page, not at the link that led there.
    this.#router.events
      .pipe(
        filter((event) => event instanceof NavigationEnd),
        takeUntilDestroyed(),
      )
      .subscribe((event) => {
        if (event.urlAfterRedirects.split('?')[0] !== this.#lastPath) this.#focusPage(event.urlAfterRedirects);
      });
    effect(() => {
      if (this.session.isExpired()) void this.#askToSignInAgain();
    });
    // An owner may require passkeys while this page is open.
    effect(() => {
      const queryParams = { returnTo: this.#router.url };
      if (this.#enrolment.isNeeded()) void this.#router.navigate(['/enrolment'], { queryParams });
    });
  }

  /** Loaded on first use: most sessions end with a sign-out. */
  async #askToSignInAgain(): Promise<void> {
    try {
      const { SignInAgain } = await import('./sign-in-again');
      this.#dialogs.open(SignInAgain, { disableClose: true, id: 'sign-in-again' });
    } catch (error) {
      this.#notify.failed(error);
    }
  }

  #lastPath = this.#router.url.split('?')[0] ?? '';

  #focusPage(url: string): void {
    this.#lastPath = url.split('?')[0] ?? '';
    this.isNavOpen.set(false);
    this.main().nativeElement.focus({ preventScroll: true });
  }
}
