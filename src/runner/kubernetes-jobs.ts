import type { Rehearsal } from "../chapters/rehearsal.js";
import { type Machines, scriptHead, stageTimes } from "./stage-times.js";

/** Where and how a study runs on Kubernetes. */
export interface KubernetesOptions extends Machines {
  /** Arguments of `signmix results run` that say which study: profile, settings, data. */
  study: readonly string[];
  /** Arguments of `signmix results merge`. */
  merge: readonly string[];
  /** The container image; `signmix:latest` by default. */
  image?: string;
  /** The PersistentVolumeClaim that all pods write to; `signmix` by default. */
  claim?: string;
  namespace?: string;
}

/** The folder of a container that the volume is mounted at; all else of it is read-only. */
export const studyFolder = "/study";

/** Times that a shard is tried again after its pod failed. */
const retries = 6;

/** A text as a value of YAML: JSON's strings are YAML's. */
const value = (text: string) => JSON.stringify(text);

/**
 * The command of a shard: the completion index, which Kubernetes counts from 0, is the shard, which signmix counts from 1.
 */
export function shardCommand(shards: number, { cpus, study }: Pick<KubernetesOptions, "cpus" | "study">): string[] {
  const script = `exec node environment/signmix.mjs results run --shard "$((JOB_COMPLETION_INDEX + 1))/${shards}" --workers ${cpus} "$@"`;
  return ["/bin/sh", "-c", script, "shard", ...study];
}

/** The name of a stage's Job, or of the Job that merges it. */
export const jobName = (profile: string, stage: number, merge = false): string =>
  `signmix-${profile}-${merge ? "merge-" : ""}${stage}`;

/** The Indexed Job of a stage: one pod a shard, each tried again by itself where its node fails. */
export function stageJob(name: string, options: KubernetesOptions): string {
  const { shards, nodes, cpus } = options;
  return `${header(name, options)}spec:
  completionMode: Indexed
  completions: ${shards}
  parallelism: ${Math.min(nodes, shards)}
  backoffLimitPerIndex: ${retries}
  maxFailedIndexes: 0
  template:
${pod(shardCommand(shards, options), options, cpus)}`;
}

/** The Job that takes in the shards of a stage. */
export function mergeJob(name: string, options: KubernetesOptions): string {
  const command = ["node", "environment/signmix.mjs", "results", "merge", "--shards", ...options.merge];
  return `${header(name, options)}spec:
  backoffLimit: ${retries}
  template:
${pod(command, options, 1)}`;
}

function header(name: string, { namespace = "default" }: KubernetesOptions): string {
  return `apiVersion: batch/v1
kind: Job
metadata:
  name: ${name}
  namespace: ${namespace}
  labels:
    app.kubernetes.io/name: signmix
`;
}

function pod(
  command: readonly string[],
  { image = "signmix:latest", claim = "signmix" }: KubernetesOptions,
  cpus: number,
): string {
  return `    metadata:
      labels:
        app.kubernetes.io/name: signmix
    spec:
      restartPolicy: Never
      securityContext:
        runAsNonRoot: true
        runAsUser: 10001
        fsGroup: 10001
      containers:
        - name: signmix
          image: ${value(image)}
          command:
${command.map((word) => `            - ${value(word)}`).join("\n")}
          env:
            - name: HOME
              value: ${value(studyFolder)}
          resources:
            requests:
              cpu: ${value(`${cpus}`)}
              memory: ${value(`${2 * cpus}Gi`)}
            limits:
              memory: ${value(`${4 * cpus}Gi`)}
          securityContext:
            allowPrivilegeEscalation: false
            readOnlyRootFilesystem: true
            capabilities:
              drop: ["ALL"]
          volumeMounts:
            - name: study
              mountPath: ${studyFolder}
            - name: scratch
              mountPath: /tmp
      volumes:
        - name: study
          persistentVolumeClaim:
            claimName: ${value(claim)}
        - name: scratch
          emptyDir: {}
`;
}

/**
 * The shell script that sends a study to Kubernetes: for each stage an Indexed Job, and a Job that merges its shards, each
 * begun when the one before has ended. Jobs that are there already are left as they are, so that the script, stopped, can
 * be started again.
 */
export function kubernetesScript(rehearsal: Rehearsal, options: KubernetesOptions): string {
  const { profile, stages } = rehearsal;
  const steps = stages.flatMap((_, i) => [
    [jobName(profile.name, i + 1), stageJob(jobName(profile.name, i + 1), options)],
    [jobName(profile.name, i + 1, true), mergeJob(jobName(profile.name, i + 1, true), options)],
  ]);
  const space = options.namespace ?? "default";
  const lines = steps.map(
    ([name, job]) => `kubectl apply -f - <<'END'
${job}END
kubectl wait --namespace ${space} --for=condition=complete --timeout=-1s job/${name}
`,
  );
  return `${scriptHead(rehearsal, options, stageTimes(rehearsal, options))}
${lines.join("\n")}`;
}
