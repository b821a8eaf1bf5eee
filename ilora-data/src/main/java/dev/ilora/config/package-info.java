/**
 * Turns a YAML file and {@code key=value} words into a record, or into a list of everything that is
 * wrong with them.
 *
 * <p>A configuration is a record. Its components are the keys; nested records are nested keys,
 * written {@code training.steps} on the command line. Components say what they accept:
 *
 * <pre>{@code
 * record Recipe(String name, Path data, Training training, Optional<String> note) {}
 *
 * record Training(
 *     @Default("1000") @AtLeast(1) int steps,
 *     @Default("0.1") @AtLeast(0) @Below(1) double dropout,
 *     @Default("[q, v]") List<Projection> targets) {
 *   Training {
 *     if (targets.isEmpty()) {
 *       throw new IllegalArgumentException("targets must name at least one projection");
 *     }
 *   }
 * }
 *
 * Recipe recipe = Config.bind(Recipe.class, Path.of("recipe.yaml"), List.of("training.steps=200"));
 * String merged = Config.yaml(recipe);
 * }</pre>
 *
 * <p><b>Types.</b> {@code int}, {@code long}, {@code float}, {@code double}, {@code boolean}, their
 * boxes, {@link java.lang.String}, {@link java.nio.file.Path}, enums (any case, {@code -} for
 * {@code _}), {@link java.util.List}, {@link java.util.Optional}, records, and sealed interfaces
 * over records: there the key {@code kind} names the record ({@code kind: top-k} for {@code TopK}),
 * and a single word stands for a record of that kind with its defaults. A list of plain values may
 * be written {@code q,v} or {@code [q, v]}.
 *
 * <p><b>Absent keys.</b> A component takes its {@link dev.ilora.config.Default}; without one an
 * {@code Optional} is empty, a nested record is made from its own defaults, and anything else is
 * missing. On the command line the last of several words for one key counts; in a file a key given
 * twice is a mistake.
 *
 * <p><b>Mistakes.</b> {@link dev.ilora.config.ConfigException} carries all of them, each with file
 * and line (or "command line"), key, value and what was expected; an unknown key comes with the
 * nearest known one. The compact constructor of a record may refuse combinations with an {@code
 * IllegalArgumentException}.
 */
package dev.ilora.config;
