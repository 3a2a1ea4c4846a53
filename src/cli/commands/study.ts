import { type Command, UsageError } from "../command.js";

/** `signmix study`: compute a study's own rows, stage by stage. */
export const studyCommand: Command = {
  help: `signmix study plan [--profile P] [--seed N]
signmix study run [--profile P] [--stage S] [--seed N] [--minutes M] [options]

plan    says what each stage of a study computes, and what it costs where the profile's rates were measured.
run     computes the rows of stages, one seed after the other, and draws nothing; stopped, the same command goes on. Adapters
        whose rows are stored and whose files are gone are trained again where a test needs them, to the same bytes.

  --profile P        smoke, classroom (default), compact, paper
  --stage S          run: only this stage; may be given several times
  --seed N           only this seed of the profile; may be given several times
  --minutes M        run: stop after so many minutes, when the unit under way has ended
  --workers N        run: units computed at once (default 1)
  --data FOLDER      run: folder of real data sets
  --encoder FOLDER   run: folder or hub id of the frozen encoder, in place of the profile's
  --backend NAME     run: TensorFlow.js backend
`,
  async run([action, ...rest], output) {
    const { planStages, runStages } = await import("./study-stages.js"); // which takes a second to load
    if (action === "plan") return planStages(rest, output);
    if (action === "run") return runStages(rest, output);
    throw new UsageError(`Say what to do: plan or run${action ? `, not "${action}"` : ""}.`);
  },
};
