package dev.ilora.cli;

import dev.ilora.Counted;
import dev.ilora.inspect.DecoderFacts;
import dev.ilora.inspect.ModelDescription;
import dev.ilora.inspect.Origin;
import dev.ilora.inspect.TokenizerFacts;
import dev.ilora.inspect.WeightFacts;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** A language model's description as lines for people. */
final class ModelDescriptionText {
  private static final double MEBIBYTE = 1 << 20;

  private final List<String> lines = new ArrayList<>();

  private ModelDescriptionText() {}

  static List<String> lines(ModelDescription model) {
    ModelDescriptionText text = new ModelDescriptionText();
    text.line("model", "%s (%s)".formatted(model.model(), model.format()));
    text.origin(model.origin());
    text.decoder(model.decoder());
    text.weights(model);
    text.tokenizer(model);
    return List.copyOf(text.lines);
  }

  private void line(String name, String text) {
    lines.add(String.format(Locale.ROOT, "%-13s %s", name, text));
  }

  private void origin(Origin origin) {
    String by = origin.organization().map(who -> ", by " + who).orElse("");
    origin.name().ifPresent(name -> line("name", name + by));
    origin.licence().ifPresent(licence -> line("licence", licence + ", as its files say"));
  }

  private void decoder(DecoderFacts decoder) {
    line("architecture", decoder.architecture() + ", family " + decoder.family());
    line(
        "layers",
        "%s, width %s, feed-forward width %s"
            .formatted(
                decoder.layers(), count(decoder.width()), count(decoder.feedForwardWidth())));
    line(
        "attention",
        "%s of width %s, %s of keys and values"
            .formatted(
                Counted.of(decoder.heads(), "head"), decoder.headWidth(), decoder.keyValueHeads()));
    decoder.layerKinds().forEach(kind -> line("positions", kind(kind, decoder)));
    line("context", Counted.of(decoder.context(), "token"));
    line(
        "vocabulary",
        "%s; the output head %s"
            .formatted(
                Counted.of(decoder.vocabulary(), "token"),
                decoder.tiedHead() ? "is the embedding table" : "has weights of its own"));
    if (!decoder.peculiarities().isEmpty()) {
      line("besides", String.join(", ", decoder.peculiarities()));
    }
  }

  private static String kind(DecoderFacts.LayerKind kind, DecoderFacts decoder) {
    String which =
        kind.layers().size() == decoder.layers()
            ? "all layers"
            : (kind.layers().size() == 1 ? "layer " : "layers ") + ranges(kind.layers());
    String sight =
        kind.window()
            .map(window -> "a sliding window of " + Counted.of(window, "token"))
            .orElse("a token sees all before it");
    return which + ": " + kind.positions() + "; " + sight;
  }

  /** Numbers in rising order, such as {@code 0-4, 6-10}. */
  private static String ranges(List<Integer> numbers) {
    List<String> ranges = new ArrayList<>();
    for (int from = 0; from < numbers.size(); ) {
      int to = from;
      while (to + 1 < numbers.size() && numbers.get(to + 1) == numbers.get(to) + 1) {
        to++;
      }
      ranges.add(to == from ? "" + numbers.get(from) : numbers.get(from) + "-" + numbers.get(to));
      from = to + 1;
    }
    return String.join(", ", ranges);
  }

  private void weights(ModelDescription model) {
    WeightFacts weights = model.weights();
    line("parameters", count(weights.parameters()));
    line("files", size(model.fileBytes()));
    line(
        "stored",
        weights.stored().stream()
            .map(
                one ->
                    "%s in %s (%s)"
                        .formatted(
                            Counted.of(one.tensors(), "tensor"), one.type(), size(one.bytes())))
            .collect(Collectors.joining(", ")));
    line(
        "memory",
        "%s in bf16, %s in fp32, for the weights alone"
            .formatted(size(weights.bytesAsBf16()), size(weights.bytesAsFp32())));
    model.weightsProblem().ifPresent(problem -> line("problem", problem));
  }

  private void tokenizer(ModelDescription model) {
    if (model.tokenizer().isEmpty()) {
      line("tokenizer", model.tokenizerProblem().map(p -> "not usable: " + p).orElse("none"));
      return;
    }
    TokenizerFacts tokenizer = model.tokenizer().get();
    line("tokenizer", tokenizer.kind() + ", " + Counted.of(tokenizer.tokens(), "token"));
    String begins = tokenizer.addsBos() ? " (prompts begin with it)" : "";
    line(
        "special",
        "bos %s%s, eos %s, pad %s"
            .formatted(
                token(tokenizer.bos()), begins, token(tokenizer.eos()), token(tokenizer.pad())));
    line(
        "chat template",
        switch (tokenizer.chatTemplate()) {
          case ABSENT -> "none";
          case USABLE -> "yes, and prompts can be put in it";
          case UNUSABLE -> "yes, but not usable: " + tokenizer.chatProblem().orElseThrow();
        });
  }

  private static String token(Optional<TokenizerFacts.Token> token) {
    return token.map(one -> "%s (%s)".formatted(one.text(), one.id())).orElse("none");
  }

  private static String count(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  private static String size(long bytes) {
    return bytes < MEBIBYTE
        ? String.format(Locale.ROOT, "%.1f KiB", bytes / 1024.0)
        : String.format(Locale.ROOT, "%,.1f MiB", bytes / MEBIBYTE);
  }
}
