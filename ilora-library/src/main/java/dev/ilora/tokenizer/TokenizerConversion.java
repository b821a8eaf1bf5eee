package dev.ilora.tokenizer;

import dev.ilora.BadInputException;
import dev.ilora.files.WholeFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Tokenizers of folders as metadata of GGUF files, and the other way round. */
public final class TokenizerConversion {
  /** The same tokenizer gives the same bytes. */
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS).build();

  private static final int NORMAL = 1;
  private static final int SPECIAL = 3;
  private static final int ADDED = 4;
  private static final int UNUSED = 5;

  private final TokenizerFile file;
  private final SpecialNames named;

  private TokenizerConversion(TokenizerFile file, SpecialNames named) {
    this.file = file;
    this.named = named;
  }

  /**
   * The tokenizer of a folder as metadata.
   *
   * @param rows of the model's embedding table; tokens that are missing are written as unused
   * @return values by key, in order
   * @throws BadInputException if the tokenizer is none that GGUF has a name for
   */
  public static Map<String, Object> metadata(Path folder, int rows) {
    Path path = folder.resolve("tokenizer.json");
    if (!Files.isRegularFile(path)) {
      throw new BadInputException(
          path, "no such file; only the tokenizer of a tokenizer.json can be put into GGUF");
    }
    try (Tokenizer tokenizer = Tokenizer.open(path)) {
      tokenizer.requireEmbeddings(rows);
      SpecialNames named = SpecialNames.beside(path);
      TokenizerFile file = TokenizerFile.read(path, Files.readAllBytes(path), named);
      return new TokenizerConversion(file, named).metadata(tokenizer, rows);
    } catch (IOException e) {
      throw new BadInputException(path, "cannot be read: " + e.getMessage());
    }
  }

  private Map<String, Object> metadata(Tokenizer tokenizer, int rows) {
    PreTokenizerForm form = PreTokenizerForm.of(file.path(), file.root());
    Map<String, Object> entries = new LinkedHashMap<>();
    entries.put("tokenizer.ggml.model", "gpt2");
    entries.put("tokenizer.ggml.pre", form.name());
    entries.put("tokenizer.ggml.tokens", tokens(rows));
    entries.put("tokenizer.ggml.token_type", types(rows));
    entries.put("tokenizer.ggml.merges", merges());
    entries.put("tokenizer.ggml.add_space_prefix", form.addsSpace());
    putId(entries, "bos", tokenizer.bos());
    putId(entries, "eos", tokenizer.eos());
    putId(entries, "padding", tokenizer.pad());
    named.token("unk_token").map(file.ids()::get).ifPresent(id -> putId(entries, "unknown", id));
    entries.put("tokenizer.ggml.add_bos_token", addsBos(tokenizer));
    tokenizer
        .chatTemplate()
        .ifPresent(template -> entries.put("tokenizer.chat_template", template));
    return entries;
  }

  private static void putId(Map<String, Object> entries, String role, int id) {
    if (id >= 0) {
      entries.put("tokenizer.ggml." + role + "_token_id", id);
    }
  }

  private boolean addsBos(Tokenizer tokenizer) {
    int[] beginning = tokenizer.beginning();
    if (beginning.length > 1 || beginning.length == 1 && beginning[0] != tokenizer.bos()) {
      throw new BadInputException(
          file.path(),
          "texts begin with %s tokens: expected bos or nothing, which is all that GGUF can say"
              .formatted(beginning.length));
    }
    return beginning.length == 1;
  }

  private List<String> tokens(int rows) {
    List<String> tokens = new ArrayList<>();
    for (int id = 0; id < rows; id++) {
      tokens.add("[PAD" + id + "]");
    }
    file.ids().forEach((token, id) -> tokens.set(id, token));
    return tokens;
  }

  private List<Integer> types(int rows) {
    Integer[] types = new Integer[rows];
    Arrays.fill(types, UNUSED);
    file.ids().values().forEach(id -> types[id] = NORMAL);
    file.added().values().forEach(id -> types[id] = ADDED);
    file.specials().values().forEach(id -> types[id] = SPECIAL);
    for (JsonNode token : file.root().path("added_tokens")) {
      for (String flag : List.of("single_word", "lstrip", "rstrip")) {
        if (token.path(flag).asBoolean(false)) {
          throw new BadInputException(
              file.path(),
              "added token '%s': %s is true, which GGUF cannot say"
                  .formatted(token.path("content").asString(), flag));
        }
      }
    }
    return List.of(types);
  }

  private List<String> merges() {
    List<String> merges = new ArrayList<>();
    for (JsonNode merge : file.root().path("model").path("merges")) {
      merges.add(
          merge.isArray()
              ? merge.path(0).asString() + " " + merge.path(1).asString()
              : merge.asString());
    }
    return merges;
  }

  /**
   * Writes the tokenizer of a GGUF file as {@code tokenizer.json} and {@code
   * tokenizer_config.json}.
   *
   * @param folder that is there
   * @throws BadInputException if the file's tokenizer is not read here
   */
  public static void write(Path gguf, Path folder) {
    GgufTokenizer.Content content = GgufTokenizer.read(gguf);
    byte[] tokenizer = JSON.writeValueAsBytes(content.tokenizer());
    WholeFile.write(folder.resolve("tokenizer.json"), tokenizer);
    ObjectNode configuration = content.configuration();
    configuration.put("tokenizer_class", "PreTrainedTokenizerFast");
    try (Tokenizer opened = Tokenizer.open(gguf)) {
      name(configuration, "bos_token", opened.bos(), opened);
      name(configuration, "eos_token", opened.eos(), opened);
      name(configuration, "pad_token", opened.pad(), opened);
    }
    WholeFile.write(
        folder.resolve(SpecialNames.CONFIGURATION), JSON.writeValueAsBytes(configuration));
  }

  private static void name(ObjectNode configuration, String role, int id, Tokenizer tokenizer) {
    if (id >= 0) {
      configuration.put(role, tokenizer.decodeWithSpecial(new int[] {id}));
    }
  }
}
