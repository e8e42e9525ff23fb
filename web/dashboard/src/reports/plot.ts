// Lines over time, drawn by uPlot: a file of its own, loaded where there is something to draw. It sets styles by script objects alone, which the page's policy allows; its own sheet is part of style.css.
import uPlot from 'uplot';

const height = 220;
// Nobody is a fraction of a person.
const whole = [...Array(10).keys()].flatMap(power => [1, 2, 5].map(one => one * 10 ** power));
const font = '12px system-ui, sans-serif';

/** @param colour Name of a custom property. */
interface Drawn { values: (number | null)[]; colour: string; dash: number[] }

export interface Drawing { lines: Drawn[]; labels: string[]; /** Those that may still change are hatched. */ open: boolean[]; say: (value: number) => string; /** Over which period somebody points; null when nowhere. */ point: (at: number | null) => void }

/** Draws into an element, as wide as that is; answers what ends it. */
export function plot(into: HTMLElement, { lines, labels, open, say, point }: Drawing): () => void {
  // Colours are pairs, light and dark, and known only as an element has them.
  const colourOf = (name: string) => {
    into.style.color = `var(${name})`;
    return getComputedStyle(into).color;
  };
  const axis = { stroke: () => colourOf('--quiet'), font, grid: { stroke: () => colourOf('--line'), width: 1 }, ticks: { show: false } };
  const hatch = (chart: uPlot) => {
    const { ctx, bbox } = chart;
    ctx.save();
    ctx.beginPath();
    open.forEach((isOpen, at) => {
      if (!isOpen) return;
      const [from, to] = [at - 0.5, at + 0.5].map(x => chart.valToPos(x, 'x', true)) as [number, number];
      ctx.rect(Math.max(bbox.left, from), bbox.top, Math.min(bbox.left + bbox.width, to) - Math.max(bbox.left, from), bbox.height);
    });
    ctx.clip();
    ctx.strokeStyle = colourOf('--line');
    ctx.lineWidth = 2 * devicePixelRatio;
    ctx.beginPath();
    for (let x = bbox.left - bbox.height; x < bbox.left + bbox.width; x += 8 * devicePixelRatio) {
      ctx.moveTo(x, bbox.top + bbox.height);
      ctx.lineTo(x + bbox.height, bbox.top);
    }
    ctx.stroke();
    ctx.restore();
  };
  const isWhole = lines.every(line => line.values.every(value => value === null || Number.isInteger(value)));
  const chart = new uPlot({
    width: Math.max(200, into.clientWidth), height, legend: { show: false },
    cursor: { drag: { x: false, y: false }, y: false },
    scales: { x: { time: false, range: [-0.5, labels.length - 0.5] }, y: { range: (_, _min, most) => [0, uPlot.rangeNum(0, most || 1, 0.1, true)[1]!] } },
    axes: [
      { ...axis, incrs: [1, 2, 3, 4, 6, 12, 26, 52, 104], space: 72, size: 32, values: (_, splits) => splits.map(at => labels[at] ?? '') },
      { ...axis, ...(isWhole ? { incrs: whole } : {}), size: 72, values: (_, splits) => splits.map(say) }
    ],
    series: [{}, ...lines.map(({ colour, dash }) => ({ stroke: () => colourOf(colour), width: 2, dash, points: { show: true, size: 5, fill: () => colourOf(colour) } }))],
    hooks: { drawClear: [hatch], setCursor: [chart => point(chart.cursor.left! >= 0 ? chart.cursor.idx ?? null : null)] }
  }, [labels.map((_, at) => at), ...lines.map(line => line.values)], into);

  const watch = new ResizeObserver(() => { if (into.clientWidth > 0 && into.clientWidth !== chart.width) chart.setSize({ width: into.clientWidth, height }); });
  watch.observe(into);
  const scheme = matchMedia('(prefers-color-scheme: dark)');
  const redraw = () => chart.redraw();
  scheme.addEventListener('change', redraw);
  return () => {
    watch.disconnect();
    scheme.removeEventListener('change', redraw);
    chart.destroy();
  };
}
