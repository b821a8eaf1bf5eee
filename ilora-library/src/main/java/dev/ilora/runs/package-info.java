/**
 * What a run records.
 *
 * <p>A run folder holds:
 *
 * <table>
 * <caption>Files of a run</caption>
 * <tr><td>{@code recipe.yaml}</td><td>the merged recipe, everything the run was asked to do</td></tr>
 * <tr><td>{@code template.txt}</td><td>the prompt template, which the recipe only names</td></tr>
 * <tr><td>{@code manifest.json}</td><td>method, seed, hashes of data, candidates and base model,
 *   environment, times, metrics, resources</td></tr>
 * <tr><td>{@code metrics.jsonl}</td><td>the training curve, one point a line, appended as it
 *   happens</td></tr>
 * <tr><td>{@code predictions.jsonl}</td><td>every evaluated row, see {@link
 *   dev.ilora.statistics.Outcomes}</td></tr>
 * <tr><td>{@code candidates.jsonl}</td><td>the frozen candidates it was evaluated on</td></tr>
 * <tr><td>{@code predictions-paper-rows.jsonl}, {@code candidates-paper-rows.jsonl}</td><td>the same
 *   two for the papers' rows, where the recipe asks for them</td></tr>
 * <tr><td>{@code rows.jsonl}</td><td>what is known of each evaluated row whatever ranks it, see
 *   {@link dev.ilora.runs.CaseFacts}; kept by a study</td></tr>
 * <tr><td>{@code experts.jsonl}</td><td>the gate's weights for each evaluated row</td></tr>
 * <tr><td>{@code samples.jsonl}</td><td>a few prompts with gold and given answers</td></tr>
 * <tr><td>{@code checkpoints/}</td><td>states to resume from</td></tr>
 * <tr><td>{@code report.html}</td><td>what {@code ilora report} wrote</td></tr>
 * </table>
 *
 * <pre>{@code
 * RunFolder run = RunFolder.create(Path.of("runs/ilora-1"));   // fails before any work if unwritable
 * run.writeRecipe(yaml);
 * run.curve().append(new TrainingPoint(10, Map.of(TrainingPoint.LOSS, 2.31)));
 * run.writePredictions(CaseSet.TEST, predictions);
 * run.writeManifest(manifest);
 * ResultTable table = ResultTable.of(List.of(run.result(), other.result()), "iLoRA", Bootstrap.DEFAULT);
 * System.out.println(table.text());
 * }</pre>
 *
 * <p>Files other than the curve appear complete or not at all. The curve survives a crash: a torn
 * last line is ignored by readers and removed by the next append, and where a resumed run goes back
 * a few steps the later points count.
 */
package dev.ilora.runs;
