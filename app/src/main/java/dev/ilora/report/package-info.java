/**
 * Run folders as one HTML file that needs nothing else: tables with intervals, paired tests, gains
 * by groups of cases, expert weights, costs, training curves, examples by name and provenance.
 *
 * <pre>{@code
 * List<Run> runs = List.of(Run.read(RunFolder.open(a)), Run.read(RunFolder.open(b)));
 * Report report = Report.of(runs, "iLoRA", "LLaRA", clock.instant());
 * report.write(Path.of("report.html"));
 * report.tables().forEach(table -> System.out.println(table.text()));
 * }</pre>
 *
 * <p>What tables say is decided in {@link dev.ilora.compare.TableContent}; {@link
 * dev.ilora.report.HtmlTable} only writes its cells.
 *
 * <p>All text goes through {@link dev.ilora.report.Html}, which escapes it, and the page forbids
 * its reader's browser to load anything, so titles and answers can hold what they like. Charts are
 * drawn by {@link dev.ilora.report.LineChart} as SVG in the page's own colours, light and dark; a
 * chart library's SVG (XChart's: 280 KB for one line, letters as outlines, colours fixed, fonts
 * needed on the machine that writes it) would do neither.
 */
package dev.ilora.report;
