package dev.ilora.tokenizer;

import dev.ilora.BadInputException;
import dev.ilora.gguf.GgufFile;
import dev.ilora.gguf.Metadata;
import dev.ilora.tokenizer.SentencePieces.Piece;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The tokenizer in a GGUF file, as the files that Hugging Face's library reads. */
final class GgufTokenizer {
  private static final String ARCHITECTURE = "general.architecture";
  private static final String MODEL = "tokenizer.ggml.model";
  private static final String PRE = "tokenizer.ggml.pre";
  private static final String TOKENS = "tokenizer.ggml.tokens";
  private static final String TYPES = "tokenizer.ggml.token_type";
  private static final String SCORES = "tokenizer.ggml.scores";
  private static final String MERGES = "tokenizer.ggml.merges";
  private static final String ADDS_SPACE = "tokenizer.ggml.add_space_prefix";
  private static final String ADDS_BOS = "tokenizer.ggml.add_bos_token";

  /** Added tokens of Phi 3 that do not take the spaces after them, as the others do. */
  private static final Set<String> KEEP_SPACES = Set.of("<unk>", "<s>", "<|endoftext|>");

  private final Path file;
  private final Metadata metadata;

  /** What stands for the content of two files. */
  record Content(Map<String, Object> tokenizer, ObjectNode configuration) {}

  private GgufTokenizer(Path file, Metadata metadata) {
    this.file = file;
    this.metadata = metadata;
  }

  /**
   * Reads a file.
   *
   * @throws BadInputException if it is no GGUF file, or its tokenizer is of a kind that is not read
   *     here or lacks a part, naming it
   */
  static Content read(Path file) {
    try (GgufFile open = GgufFile.open(file)) {
      return new GgufTokenizer(file, open.metadata()).content();
    }
  }

  /** Whether a file holds a tokenizer. */
  static boolean isIn(Metadata metadata) {
    return metadata.all().containsKey(MODEL);
  }

  private Content content() {
    String model = metadata.text(MODEL).orElseThrow(() -> metadata.lacks(MODEL));
    return switch (model) {
      case "gpt2" -> {
        PreTokenization pre = preTokenization();
        yield new Content(byteLevel(pre), configuration(pre.addsBos()));
      }
      case "llama" -> {
        boolean addsSpace = metadata.flag(ADDS_SPACE).orElse(true);
        yield new Content(
            new SentencePieces(pieces(numbers(SCORES)), addsSpace).json(), configuration(true));
      }
      default ->
          throw metadata.unexpected(
              MODEL, "'gpt2' or 'llama'", "'" + model + "', which is not supported");
    };
  }

  private PreTokenization preTokenization() {
    String name = metadata.text(PRE).orElseThrow(() -> metadata.lacks(PRE));
    return PreTokenization.of(name)
        .orElseThrow(
            () ->
                metadata.unexpected(
                    PRE,
                    "one of " + PreTokenization.expected(),
                    "'" + name + "', which is not supported"));
  }

  private Map<String, Object> byteLevel(PreTokenization pre) {
    List<Piece> pieces = pieces(List.of());
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("version", "1.0");
    json.put("added_tokens", SentencePieces.added(pieces));
    json.put("normalizer", pre.normalizer().orElse(null));
    json.put("pre_tokenizer", pre.json(metadata.flag(ADDS_SPACE).orElse(false)));
    json.put("decoder", PreTokenization.byteLevel(true, true));
    Map<String, Object> model = new LinkedHashMap<>();
    model.put("type", "BPE");
    model.put("ignore_merges", pre.ignoresMerges());
    model.put("vocab", SentencePieces.vocabulary(pieces));
    model.put("merges", metadata.texts(MERGES).orElseThrow(() -> metadata.lacks(MERGES)));
    json.put("model", model);
    return json;
  }

  /**
   * The tokens.
   *
   * @param scores of each, or none
   */
  private List<Piece> pieces(List<Number> scores) {
    List<String> tokens = metadata.texts(TOKENS).orElseThrow(() -> metadata.lacks(TOKENS));
    List<Number> types = numbers(TYPES);
    requireAsMany(TYPES, types, tokens);
    if (!scores.isEmpty()) {
      requireAsMany(SCORES, scores, tokens);
    }
    boolean phi = !scores.isEmpty() && metadata.text(ARCHITECTURE).orElse("").equals("phi3");
    List<Piece> pieces = new ArrayList<>();
    for (int id = 0; id < tokens.size(); id++) {
      String token = tokens.get(id);
      float score = scores.isEmpty() ? 0 : scores.get(id).floatValue();
      boolean takesSpaces = phi && !KEEP_SPACES.contains(token);
      pieces.add(new Piece(token, score, types.get(id).intValue(), takesSpaces));
    }
    return pieces;
  }

  private List<Number> numbers(String key) {
    return metadata.numbers(key).orElseThrow(() -> metadata.lacks(key));
  }

  private void requireAsMany(String key, List<?> values, List<?> tokens) {
    if (values.size() != tokens.size()) {
      throw new BadInputException(
          file,
          "metadata '%s': %s values for %s tokens".formatted(key, values.size(), tokens.size()));
    }
  }

  /**
   * What {@code tokenizer_config.json} would hold.
   *
   * @param addsBos whether texts begin with bos where the file does not say
   */
  private ObjectNode configuration(boolean addsBos) {
    ObjectNode json = JsonMapper.shared().createObjectNode();
    Map.of(
            "bos_token_id", "tokenizer.ggml.bos_token_id",
            "eos_token_id", "tokenizer.ggml.eos_token_id",
            "unk_token_id", "tokenizer.ggml.unknown_token_id",
            "pad_token_id", "tokenizer.ggml.padding_token_id")
        .forEach((name, key) -> metadata.whole(key).ifPresent(id -> json.put(name, id)));
    boolean has = json.has("bos_token_id");
    json.put("add_bos_token", metadata.flag(ADDS_BOS).orElse(addsBos && has));
    metadata
        .text("tokenizer.chat_template")
        .ifPresent(template -> json.put("chat_template", template));
    return json;
  }
}
