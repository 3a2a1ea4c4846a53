import type { Rehearsal } from "../chapters/rehearsal.js";
import { dealOut } from "../results/shard.js";

/** The machines that a study is sent to. */
export interface Machines {
  /** Machines that compute at once. */
  nodes: number;
  /** Cores of each that are used, one unit on each. */
  cpus: number;
  /** Parts of each stage; as many as nodes unless more are wanted, so that a lost one costs less. */
  shards: number;
}

/** What a stage is expected to take. */
export interface StageTime {
  units: number;
  /** Core seconds of all units. */
  work: number;
  /** Seconds on the clock of the longest shard, and of the stage on all nodes. */
  longestShard: number;
  wall: number;
}

/** What each stage of a study takes on machines, from the expected seconds of its units. */
export function stageTimes({ stages }: Rehearsal, { nodes, cpus, shards }: Machines): StageTime[] {
  return stages.map(({ units, seconds }) => {
    const clock = dealOut(units, seconds, shards).map((own) => {
      const work = own.reduce((sum, i) => sum + seconds[i], 0);
      return Math.max(work / cpus, ...own.map((i) => seconds[i]), 0);
    });
    const work = seconds.reduce((sum, one) => sum + one, 0);
    return { units: units.length, work, longestShard: Math.max(...clock), wall: spanOn(nodes, clock) };
  });
}

/** Seconds that jobs take on machines when the longest begin first. */
function spanOn(machines: number, jobs: readonly number[]): number {
  const loads = Array.from({ length: machines }, () => 0);
  for (const job of [...jobs].sort((a, b) => b - a)) {
    const least = loads.indexOf(Math.min(...loads));
    loads[least] += job;
  }
  return Math.max(...loads);
}

/** How a script begins that sends a study to a cluster: what the study takes stands in its comment. */
export function scriptHead(rehearsal: Rehearsal, machines: Machines, times: readonly StageTime[]): string {
  const comment = describeStudy(rehearsal, machines, times).map((line) => `# ${line}`.trimEnd());
  return ["#!/bin/bash", ...comment, "set -euo pipefail", ""].join("\n");
}

/** What a study takes in all, as lines of text: a sentence, and a table of its stages. */
function describeStudy(rehearsal: Rehearsal, machines: Machines, times: readonly StageTime[]): string[] {
  const { profile, encoder, bytes, texts, work } = rehearsal;
  const total = (of: (time: StageTime) => number) => times.reduce((sum, time) => sum + of(time), 0);
  const count = (value: number) => value.toLocaleString("en-GB");
  const { nodes, cpus, shards } = machines;
  return [
    `signmix, profile ${profile.name}: ${count(total(({ units }) => units))} units in ${times.length} stages, each of ${shards} shards, on`,
    `${nodes} nodes of ${cpus} cores. The encoder ${encoder.name} has ${encoder.layers} layers of width ${encoder.width}; texts count ${texts}.`,
    `Expected from measured rates: ${count(Math.ceil(total(({ work }) => work) / 3600))} core hours, ` +
      `${hours(total(({ wall }) => wall))} on the clock,`,
    `${gigabytes(bytes.adapters)} of adapters, ${gigabytes(bytes.rows)} of rows.`,
    `The encoder reads ${millions(work.read)} million tokens and trains on ${millions(work.trained)}: ` +
      `${count(Number((work.operations / 1e15).toPrecision(3)))} petaflop.`,
    "",
    "stage    units  core hours  hours of the longest shard",
    ...times.map(({ units, work, longestShard }, i) =>
      [
        `${i + 1}`.padEnd(5),
        count(units).padStart(8),
        (work / 3600).toFixed(1).padStart(11),
        (longestShard / 3600).toFixed(1).padStart(27),
      ].join(" "),
    ),
  ];
}

const millions = (tokens: number) => Math.round(tokens / 1e6).toLocaleString("en-GB");
const hours = (seconds: number) => `${(seconds / 3600).toFixed(1)} h`;
const gigabytes = (bytes: number) => `${(bytes / 1e9).toFixed(2)} GB`;
