/**
 * What a run records.
 *
 * <p>A run folder holds:
 *
 * <table>
 * <caption>Files of a run</caption>
 * <tr><td>{@code recipe.yaml}</td><td>the merged recipe, everything the run was asked to do</td></tr>
 * <tr><td>{@code template.txt}</td><td>the prompt template, which the recipe only names</td></tr>
 * <tr><td>{@code run.json}</td><td>which run it is, what it was made from, what each phase took and
 *   what it came to, see {@link dev.ilora.runs.RunRecord}</td></tr>
 * <tr><td>{@code curve.jsonl}</td><td>the training curve, one point a line, appended as it
 *   happens</td></tr>
 * <tr><td>{@code outcomes.jsonl}</td><td>every evaluated case, see {@link
 *   dev.ilora.statistics.Outcomes}; {@code outcomes-PROTOCOL.jsonl} by another protocol</td></tr>
 * <tr><td>{@code candidates.jsonl}</td><td>the frozen candidates it was evaluated on</td></tr>
 * <tr><td>{@code outcomes-paper-rows.jsonl}, {@code candidates-paper-rows.jsonl}</td><td>the same
 *   two for the papers' cases, where the recipe asks for them</td></tr>
 * <tr><td>{@code cases.jsonl}</td><td>what is known of each test case whatever ranks it, see {@link
 *   dev.ilora.runs.CaseFacts}; kept by a study</td></tr>
 * <tr><td>{@code experts.jsonl}</td><td>the gate's weights for each test case</td></tr>
 * <tr><td>{@code samples.jsonl}</td><td>a few cases with history, right answer and what the method said</td></tr>
 * <tr><td>{@code checkpoints/}</td><td>states to resume from</td></tr>
 * <tr><td>{@code model/}</td><td>what was trained</td></tr>
 * <tr><td>{@code report.html}</td><td>what {@code ilora report} wrote</td></tr>
 * </table>
 *
 * <pre>{@code
 * RunFolder folder = RunFolder.create(Path.of("runs/ilora-1"));   // fails before any work if unwritable
 * folder.writeRecipe(yaml);
 * folder.write(RunRecord.begin(identity, data));
 * folder.curve().append(new TrainingPoint(10, Map.of(TrainingPoint.LOSS, 2.31)));
 * folder.writeOutcomes(CaseSet.TEST, outcomes);
 * Run run = Run.read(folder);                                     // all of it, for tables and reports
 * }</pre>
 *
 * <p>A run that goes on keeps its record in a {@link dev.ilora.runs.LiveRecord} and writes it whole
 * where a phase ends; what the phase that goes on has taken is written now and then. Each file has
 * its SHA-256 beside it, in {@code .NAME.sha256}. The record has it too, so that a file of another
 * run that was put here is refused. Files other than the curve appear complete or not at all. The
 * curve survives a crash: a torn last line is ignored by readers and removed by the next append,
 * and where a resumed run goes back a few steps the later points count.
 *
 * <p>Names in JSON are in camelCase; what is absent has no field. Reading is strict: a file of
 * another version, or with a field missing, unknown or of another type, is refused with file, line
 * and field.
 */
package dev.ilora.runs;
