// Every kind of unit, so that workers, `signmix results` and merging know them all: one line each.
import "./attack/attacked-unit.js";
import "./attack/fgsm-unit.js";
import "./attack/similarity-unit.js";
import "./attack/textfooler-unit.js";
import "./beyond/criterion-unit.js";
import "./beyond/dose-unit.js";
import "./beyond/predictor-unit.js";
import "./beyond/way-unit.js";
import "./conflict/signs-unit.js";
import "./conflict/text-unit.js";
import "./mix/evaluate-unit.js";
import "./prune/prune-unit.js";
import "./sparse/layer-sparse-unit.js";
import "./sparse/sparse-mixture-unit.js";
import "./train/baseline-unit.js";
import "./train/train-unit.js";
import "./train/union-unit.js";
