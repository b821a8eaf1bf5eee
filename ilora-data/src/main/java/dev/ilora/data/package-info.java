/**
 * Raw logs to sequences, splits and frozen candidates. Pure Java; nothing here touches a tensor.
 *
 * <h2>The way of the data</h2>
 *
 * <pre>{@code
 * Path raw = new Downloader(Downloader.OFFICIAL, Progress.NONE).fetch(Archive.ML_100K, Path.of("data/raw"));
 * Dataset dataset = Importer.read(raw);                               // format recognised by the files
 * DatasetFolder.write(dataset, Path.of("data/ml-100k"));              // native form, with a content hash
 *
 * Split split = new SplitRule.UsersByTime().apply(dataset, 10);       // histories of at most 10 items
 * List<Case> train = split.trainRows(3);
 * List<Case> test = Split.sample(split.rows(Part.TEST, Positions.EVERY, 3), 2000, 1);
 * CandidateFile candidates = CandidateFile.draw(test, dataset, 20, 1); // drawn once, kept
 * candidates.write(run.resolve("candidates.jsonl"));                   // outcomes carry candidates.hash()
 * }</pre>
 *
 * <p>Without files at hand, {@code dev.ilora.synthetic.DemoWorld} makes a world whose right answers
 * are known. {@link dev.ilora.data.CaseFiles} and {@link dev.ilora.data.CandidateFile#read} take
 * rows, items and candidates stored by others.
 *
 * <h2>What an import promises</h2>
 *
 * <ul>
 *   <li>Items keep the order of their file: on MovieLens-100K the dense id is the movie id less
 *       one. A core filter drops items and closes the gaps.
 *   <li>Users stand in the order of their first interaction in the file that is kept.
 *   <li>Sequences are oldest first; interactions of the same second keep the order of the file. On
 *       MovieLens-100K nearly half of all interactions share their second with the one before, so
 *       the tie-break is part of the data: {@link dev.ilora.data.ingest.ImportOptions.Ties} has the
 *       papers' too.
 *   <li>Nothing is skipped silently: a line that cannot be read, an unknown item, a title that is
 *       missing end the import with file, line and text; what an option drops is counted in the
 *       provenance.
 *   <li>Nothing is half-written: files appear whole, {@code dataset.yaml} last.
 * </ul>
 *
 * <h2>The papers' data</h2>
 *
 * <p>{@link dev.ilora.data.ingest.ImportOptions#papers} rebuilds the released splits of LLaRA (Liao
 * et al., arXiv:2312.02445) and iLoRA (Kong et al., arXiv:2408.10159) from the raw files. Two
 * things to know:
 *
 * <ul>
 *   <li>Their MovieLens-100K lacks the first line of {@code u.data}, read as a header; one sequence
 *       of 943 differs for it.
 *   <li>Their LastFM is ordered by artist id, not by time, so "the smallest id above the last one"
 *       predicts it well. The default import orders by the date of the first tag; dates there are
 *       months, so most of the order within a month is the file's.
 * </ul>
 */
package dev.ilora.data;
