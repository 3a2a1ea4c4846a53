// Loaded before a program: counts the changes of files by all processes of a run in one file, a byte each, and kills the
// process that makes the change of a given number.
const fs = require("node:fs");
const { syncBuiltinESMExports } = require("node:module");

const { SIGNMIX_KILL_COUNTER: counter, SIGNMIX_KILL_AT: at } = process.env;
const { fstatSync, writeSync } = fs; // as they are before they count
const file = fs.openSync(counter, "a");

function change() {
  writeSync(file, ".");
  if (fstatSync(file).size === Number(at)) process.kill(process.pid, "SIGKILL");
}

function counted(object, name, changes) {
  const original = object[name];
  object[name] = (...args) => {
    if (changes(args)) change();
    return original.apply(object, args);
  };
}

const opensToWrite = ([, flags]) => typeof flags === "string" && /[wa+]/.test(flags);
const beyondStandard = ([file]) => typeof file === "string" || file > 2;
const always = () => true;
for (const name of ["renameSync", "linkSync", "rmSync", "unlinkSync", "mkdirSync", "copyFileSync", "fsyncSync", "ftruncateSync"])
  counted(fs, name, always);
counted(fs, "openSync", opensToWrite);
counted(fs, "writeSync", beyondStandard);
counted(fs, "writeFileSync", beyondStandard);
for (const name of ["writeFile", "rename", "rm", "unlink", "mkdir", "copyFile"]) counted(fs.promises, name, always);
syncBuiltinESMExports();
