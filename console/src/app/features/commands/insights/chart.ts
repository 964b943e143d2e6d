import { Component, computed, inject, input } from '@angular/core';
import type { EChartsCoreOption } from 'echarts/core';
import { NgxEchartsDirective, provideEchartsCore } from 'ngx-echarts';
import { ChartPalette, type ChartColors } from './chart-colors';

export type ChartDrawing = (colors: ChartColors) => EChartsCoreOption;

/** A chart of figures that a table shows too. Put it in a `@defer`: it loads the chart library. */
@Component({
  selector: 'ops-chart',
  template: `<div echarts class="canvas" role="img" [attr.aria-label]="label()" [options]="options()"></div>`,
  styles: `
    :host,
    .canvas {
      display: block;
      width: 100%;
      height: 100%;
    }
  `,
  imports: [NgxEchartsDirective],
  providers: [provideEchartsCore({ echarts: () => import('./echarts-core') })],
})
export class Chart {
  readonly label = input.required<string>();
  readonly drawing = input.required<ChartDrawing>();
  readonly #palette = inject(ChartPalette);
  protected readonly options = computed(() => this.drawing()(this.#palette.colors()));
}
