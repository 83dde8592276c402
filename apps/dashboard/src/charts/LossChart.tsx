"use client";
/** Held-out loss over adapter versions. Every point can be reached by keyboard and leads to its version. */
import { AxisBottom, AxisLeft } from "@visx/axis";
import { GridRows } from "@visx/grid";
import { scaleLinear } from "@visx/scale";
import { LinePath } from "@visx/shape";
import Link from "next/link";
import { cn } from "../components/cn.ts";
import { hrefs } from "../frame/hrefs.ts";
import { type LossPoint, spreadRounds } from "./lossPoints.ts";
import { useElementWidth } from "./useElementWidth.ts";

const height = 280;
const margin = { top: 32, right: 16, bottom: 48, left: 56 };
/** Pixels between rounds that are named on the axis. */
const ticksEvery = 70;
const tickText = { fill: "var(--ink-soft)", fontSize: 11, fontFamily: "inherit" } as const;

export type LossChartProps = {
  readonly points: readonly LossPoint[];
  /** Of the values, such as `bits/token`. */
  readonly unit: string;
  readonly chosen: number | null;
  /** Told which version has come under the pointer or the focus. */
  readonly onChoose: (adapterId: number) => void;
};

export function LossChart({ points, unit, chosen, onChoose }: LossChartProps) {
  const [ref, width] = useElementWidth<HTMLElement>();
  const scales = scalesOf(points, width);
  const at = (point: LossPoint) => ({ x: scales.x(point.round), y: scales.y(point.loss) });
  return (
    <figure ref={ref} className="w-full min-w-0" style={{ height }}>
      {width > 0 && (
        <svg width={width} height={height}>
          <title>Held-out loss in {unit}, by round</title>
          <GridRows
            scale={scales.y}
            left={margin.left}
            width={width - margin.left - margin.right}
            numTicks={5}
            stroke="var(--line)"
          />
          <text {...tickText} x={0} y={14}>
            {unit}
          </text>
          <AxisLeft
            scale={scales.y}
            left={margin.left}
            numTicks={5}
            hideAxisLine
            hideTicks
            tickLabelProps={{ ...tickText, textAnchor: "end", dx: -4, dy: 4 }}
          />
          <AxisBottom
            scale={scales.x}
            top={height - margin.bottom}
            tickValues={spreadRounds(points, Math.floor(width / ticksEvery))}
            tickFormat={String}
            stroke="var(--line-strong)"
            hideTicks
            tickLabelProps={{ ...tickText, textAnchor: "middle" }}
            label="round"
            labelProps={{ ...tickText, textAnchor: "middle" }}
          />
          <LinePath
            data={[...points]}
            x={(point) => at(point).x}
            y={(point) => at(point).y}
            stroke="var(--accent)"
            strokeWidth={2}
          />
          {points.map((point) => (
            <Point
              key={point.adapterId}
              point={point}
              {...at(point)}
              unit={unit}
              chosen={chosen === point.adapterId}
              onChoose={onChoose}
            />
          ))}
        </svg>
      )}
    </figure>
  );
}

function scalesOf(points: readonly LossPoint[], width: number) {
  const rounds = points.map((point) => point.round);
  const losses = points.map((point) => point.loss);
  const [low, high] = [Math.min(...losses), Math.max(...losses)];
  const room = Math.max((high - low) * 0.12, high * 0.001);
  const [first, last] = [Math.min(...rounds), Math.max(...rounds)];
  return {
    x: scaleLinear<number>({
      domain: first === last ? [first - 1, last + 1] : [first, last],
      range: [margin.left + 8, width - margin.right - 8],
    }),
    y: scaleLinear<number>({
      domain: [low - room, high + room],
      range: [height - margin.bottom, margin.top],
      nice: true,
    }),
  };
}

function Point({
  point,
  x,
  y,
  unit,
  chosen,
  onChoose,
}: {
  readonly point: LossPoint;
  readonly x: number;
  readonly y: number;
  readonly unit: string;
  readonly chosen: boolean;
  readonly onChoose: (adapterId: number) => void;
}) {
  const choose = () => onChoose(point.adapterId);
  return (
    <Link
      href={hrefs.adapter(point.adapterId)}
      prefetch={false}
      aria-label={`Adapter ${point.adapterId}, round ${point.round}: ${point.loss.toFixed(4)} ${unit}, ${point.status}`}
      onMouseEnter={choose}
      onFocus={choose}
    >
      <circle cx={x} cy={y} r={12} fill="transparent" />
      <circle
        cx={x}
        cy={y}
        r={chosen ? 6 : 4}
        className={cn(
          point.status === "recalled"
            ? "fill-bad"
            : point.status === "mature"
              ? "fill-accent"
              : "fill-surface",
          point.status === "recalled" ? "stroke-bad" : "stroke-accent",
        )}
        strokeWidth={2}
      />
    </Link>
  );
}
