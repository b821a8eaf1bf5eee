package dev.ilora.report;

import dev.ilora.ResourceText;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The terms of a report, with their meanings from docs/glossary.md. */
final class Glossary {
  private static final List<String> ALWAYS =
      List.of(
          "case",
          "candidates",
          "target",
          "history",
          "cold",
          "HR@k",
          "NDCG@k",
          "MRR",
          "chance",
          "interval",
          "paired test",
          "McNemar",
          "gain",
          "validation cases");
  private static final List<String> OF_WORDS =
      List.of(
          "base model",
          "zero-shot",
          "LoRA",
          "adapter",
          "hybrid prompt",
          "slot",
          "ValidRatio",
          "paper HR@1");
  private static final List<String> OF_GATES =
      List.of("instance-wise LoRA, iLoRA", "expert", "gate", "guidance", "entropy", "cluster");

  private static final Pattern ROW = Pattern.compile("^\\| (.+?) \\| (.+) \\|$");
  private static final Pattern LINK = Pattern.compile("\\[([^\\]]*)]\\([^)]*\\)");
  private static final Pattern MARKUP = Pattern.compile("[*`]");

  private Glossary() {}

  /**
   * Writes the terms, folded.
   *
   * @param words whether a language model is among the methods
   * @param gates whether a mixture is
   */
  static void write(Html page, boolean words, boolean gates) {
    page.open("section").element("h2", "Glossary");
    page.open("details").element("summary", "What the words mean").open("dl", "class", "terms");
    terms(words, gates).forEach((term, meaning) -> page.element("dt", term).element("dd", meaning));
    page.close().close().close();
  }

  /**
   * Terms with their meanings.
   *
   * @throws IllegalStateException if docs/glossary.md lacks one
   */
  static Map<String, String> terms(boolean words, boolean gates) {
    List<String> names = new ArrayList<>(ALWAYS);
    names.addAll(words ? OF_WORDS : List.of());
    names.addAll(gates ? OF_GATES : List.of());
    Map<String, String> all = meanings();
    Map<String, String> terms = new LinkedHashMap<>();
    for (String name : names) {
      if (!all.containsKey(name)) {
        throw new IllegalStateException("docs/glossary.md lacks '" + name + "'");
      }
      terms.put(name, all.get(name));
    }
    return terms;
  }

  private static Map<String, String> meanings() {
    Map<String, String> meanings = new LinkedHashMap<>();
    for (String line : text().lines().toList()) {
      Matcher row = ROW.matcher(line);
      if (row.matches()) {
        meanings.put(plain(row.group(1)), plain(row.group(2)));
      }
    }
    return meanings;
  }

  private static String plain(String markdown) {
    return MARKUP.matcher(LINK.matcher(markdown).replaceAll("$1")).replaceAll("");
  }

  private static String text() {
    String name = "glossary.md";
    return ResourceText.of(Glossary.class.getResourceAsStream(name), name);
  }
}
