package dev.ilora.hub;

import dev.ilora.config.ConfigException;
import dev.ilora.config.NearestName;
import dev.ilora.http.DownloadException;
import java.nio.file.FileSystems;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** Which of a model's files are fetched. */
final class FileChoice {
  private static final int SHOWN = 20;

  /** What ilora reads beside the weights. */
  private static final Pattern READ =
      Pattern.compile(
          "config\\.json|generation_config\\.json|tokenizer[^/]*\\.json|tokenizer\\.model"
              + "|special_tokens_map\\.json|added_tokens\\.json|chat_template\\.jinja"
              + "|model\\.safetensors\\.index\\.json");

  private static final Pattern WEIGHTS = Pattern.compile("[^/]+\\.safetensors");

  /** The same weights once more, in their maker's own layout. */
  private static final Pattern AGAIN = Pattern.compile("consolidated[^/]*\\.safetensors");

  private static final Pattern PICKLE =
      Pattern.compile(".+\\.(?:bin|pt|pth|ckpt|pkl|pickle)", Pattern.CASE_INSENSITIVE);

  private static final String WHY_NOT =
      "pickle files can run any program when they are opened, so ilora never fetches them";

  private final ModelName model;
  private final List<String> listed;

  FileChoice(ModelName model, List<String> listed) {
    this.model = model;
    this.listed = listed;
    listed.forEach(name -> FileNames.requireInside(model, name));
  }

  /**
   * The files to fetch.
   *
   * @param globs what the user asks for; the usual files where that is nothing
   * @param remark told what was left out
   * @throws ConfigException if a glob names nothing that may be fetched
   * @throws DownloadException if the model has no weights that could be fetched without one
   */
  List<String> names(List<String> globs, Consumer<String> remark) {
    List<String> names = globs.isEmpty() ? usual() : matching(globs, remark);
    names.forEach(name -> FileNames.requirePortable(model, name));
    return names;
  }

  private List<String> usual() {
    List<String> weights = listed.stream().filter(matches(WEIGHTS)).toList();
    List<String> once = weights.stream().filter(matches(AGAIN).negate()).toList();
    if (weights.isEmpty()) {
      throw new DownloadException(model + ": " + withoutWeights());
    }
    List<String> names = new ArrayList<>(listed.stream().filter(matches(READ)).toList());
    names.addAll(once.isEmpty() ? weights : once);
    return names;
  }

  private String withoutWeights() {
    List<String> gguf =
        listed.stream().filter(name -> name.toLowerCase(Locale.ROOT).endsWith(".gguf")).toList();
    List<String> pickles = listed.stream().filter(matches(PICKLE)).toList();
    if (!gguf.isEmpty()) {
      return "has no safetensors files but GGUF files; choose one with --file: " + shown(gguf);
    }
    return pickles.isEmpty()
        ? "has neither safetensors nor GGUF files, which ilora reads"
        : "has its weights as %s only: %s; look for a revision or another model with safetensors"
            .formatted(shown(pickles), WHY_NOT);
  }

  private List<String> matching(List<String> globs, Consumer<String> remark) {
    List<String> names = new ArrayList<>();
    for (String glob : globs) {
      List<String> matched = listed.stream().filter(name -> matches(glob, name)).toList();
      List<String> pickles = matched.stream().filter(matches(PICKLE)).toList();
      if (matched.isEmpty()) {
        throw new ConfigException(
            "--file '%s': %s has no such file%s".formatted(glob, model, hint(glob)));
      }
      if (matched.size() == pickles.size()) {
        throw new ConfigException("--file '%s': %s".formatted(glob, WHY_NOT));
      }
      if (!pickles.isEmpty()) {
        remark.accept("left out %s: %s".formatted(shown(pickles), WHY_NOT));
      }
      names.addAll(matched);
    }
    return names.stream().filter(matches(PICKLE).negate()).distinct().toList();
  }

  private String hint(String glob) {
    return NearestName.of(glob, listed)
        .map(name -> "; did you mean " + name + "?")
        .orElseGet(() -> listed.isEmpty() ? "" : "; it has " + shown(listed));
  }

  private static String shown(List<String> names) {
    String some = String.join(", ", names.subList(0, Math.min(SHOWN, names.size())));
    return names.size() > SHOWN ? some + " and %s more".formatted(names.size() - SHOWN) : some;
  }

  private static boolean matches(String glob, String name) {
    try {
      PathMatcher matcher = FileSystems.getDefault().getPathMatcher("glob:" + glob);
      return name.equals(glob) || matcher.matches(Path.of(name));
    } catch (PatternSyntaxException e) {
      throw new ConfigException("--file '%s': is no pattern of names".formatted(glob));
    } catch (InvalidPathException e) {
      return false; // no file here can have the name, so it cannot be meant
    }
  }

  private static Predicate<String> matches(Pattern pattern) {
    return pattern.asMatchPredicate();
  }
}
