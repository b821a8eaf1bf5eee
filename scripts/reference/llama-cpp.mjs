// Times llama.cpp over the prompts of `ilora bench prompts`: reading them, and answering one at a time.
//
//   node llama-cpp.mjs MODULES MODEL.gguf PROMPTS.json THREADS REPETITIONS NEW_TOKENS prompt|answer
//
// Prints JSON: seconds of each repetition, and tokens of one.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const [modules, modelPath, prompts, threads, repetitions, newTokens, work] = process.argv.slice(2);
const entry = createRequire(`${modules}/package.json`).resolve("node-llama-cpp");
const { getLlama } = await import(pathToFileURL(entry).href);
const llama = await getLlama({ gpu: false, build: "never", maxThreads: Number(threads), logLevel: "error" });
const model = await llama.loadModel({ modelPath, useMmap: false });
const examples = JSON.parse(readFileSync(prompts, "utf8")).map((example) => example.prompt);
const longest = Math.max(...examples.map((prompt) => prompt.length));
const context = await model.createContext({
  contextSize: longest + Number(newTokens) + 1,
  batchSize: 512,
  threads: Number(threads),
});
const sequence = context.getSequence();

async function read(prompt) {
  await sequence.clearHistory();
  await sequence.evaluateWithoutGeneratingNewTokens(prompt);
}

async function answer(prompt) {
  await read(prompt.slice(0, -1));
  const start = performance.now();
  let written = 0;
  for await (const _ of sequence.evaluate(prompt.slice(-1), { temperature: 0, yieldEogToken: true })) {
    written++;
    if (written === Number(newTokens)) break;
  }
  return [(performance.now() - start) / 1000, written];
}

const seconds = [];
let tokens = 0;
for (let repetition = 0; repetition <= Number(repetitions); repetition++) {
  let taken = 0;
  tokens = 0;
  for (const prompt of examples) {
    if (work === "prompt") {
      const start = performance.now();
      await read(prompt);
      taken += (performance.now() - start) / 1000;
      tokens += prompt.length;
    } else {
      const [time, written] = await answer(prompt);
      taken += time;
      tokens += written;
    }
  }
  if (repetition > 0) seconds.push(taken);
}
console.log(JSON.stringify({ seconds, tokens, version: `llama.cpp ${llama.llamaCppRelease.release}` }));
process.exit(0);
