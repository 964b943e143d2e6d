import { Component, computed, inject, input } from '@angular/core';
import type { EChartsCoreOption } from 'echarts/core';
import { NgxEchartsDirective, provideEchartsCore } from 'ngx-echarts';
import { ChartPalette, type ChartColors } from './chart-colors';

export type ChartDrawing = (colors: ChartColors) => EChartsCoreOption;

/** A picture of figures that stand beside it as a table. Loaded on demand: put it in a `@defer`. */
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
