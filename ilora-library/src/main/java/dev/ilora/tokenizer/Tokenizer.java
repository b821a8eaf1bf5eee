package dev.ilora.tokenizer;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import dev.ilora.BadInputException;
import dev.ilora.gguf.GgufFile;
import dev.ilora.gguf.Metadata;
import dev.ilora.tokenizer.InferenceTokenizer.PrefixSpace;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.json.JsonMapper;

/**
 * A tokenizer read from a Hugging Face {@code tokenizer.json}, a sentencepiece {@code
 * tokenizer.model} or a GGUF file, without the network.
 *
 * <p>{@link #encode} takes a text as the middle of a longer one: no special token and no leading
 * space is added, so pieces encoded one by one may be joined. What the files put before a whole
 * text is {@link #beginning} and the space of {@link #encodeFirst}. What they put after one is
 * never added: a prompt is there to go on. Text that spells a special token ("{@code </s>}" in a
 * title) becomes ordinary tokens; other added tokens are text, and found in it as their file says.
 * The same text always has the same tokens: dropout of merges is off. Instances may be shared by
 * threads until closed.
 */
public final class Tokenizer implements AutoCloseable {
  /** The names of the files of a tokenizer in a model's folder; not all need to be there. */
  public static final List<String> FILES =
      List.of("tokenizer_config.json", SpecialNames.MAP, "tokenizer.model", "tokenizer.json");

  /** A chat template in a file of its own, as newer versions of Hugging Face's library write it. */
  public static final String CHAT_TEMPLATE = "chat_template.jinja";

  private static final String LINE_BREAK = "\n";

  /** A character for private use: no vocabulary has it, and titles may have others like it. */
  private static final String STRANGE = "\uE000";

  private static final String SENTENCE_PIECE = ".model";

  private final HuggingFaceTokenizer tokenizer;
  private final SpecialTokens special;
  private final String kind;
  private final Pattern spelledSpecial;
  private final PrefixSpace prefix;
  private final int[] beginning;
  private final Optional<String> chatTemplate;

  private Tokenizer(
      HuggingFaceTokenizer tokenizer,
      SpecialTokens special,
      String kind,
      Optional<String> chatTemplate,
      PrefixSpace prefix,
      boolean postProcessed) {
    this.tokenizer = tokenizer;
    this.special = special;
    this.kind = kind;
    this.spelledSpecial = special.pattern();
    this.chatTemplate = chatTemplate;
    this.prefix = prefix;
    this.beginning = special.beginning(postProcessed ? Optional.of(processed()) : Optional.empty());
  }

  /**
   * Opens a model folder's tokenizer, that of a GGUF file, or a {@code tokenizer.json} or {@code
   * tokenizer.model} itself. A folder's tokenizer.model, the byte-pair kind of sentencepiece as in
   * Llama 2, is read where there is no tokenizer.json.
   *
   * <p>Special ids come from {@code tokenizer_config.json}, else from {@code
   * special_tokens_map.json}, else from {@code generation_config.json} and {@code config.json},
   * else from the usual names among the added tokens.
   *
   * @throws BadInputException if the folder holds neither, the file cannot be used, or the
   *     tokenizer cannot write a line break
   */
  public static Tokenizer open(Path model) {
    stayOffline();
    if (GgufFile.isNamed(model)) {
      return openGguf(model);
    }
    Path file = locate(model);
    try {
      byte[] json = Files.readAllBytes(file);
      if (file.toString().endsWith(SENTENCE_PIECE)) {
        var converted = SentencePieceModel.tokenizerJson(file, json);
        json = JsonMapper.builder().build().writeValueAsBytes(converted);
      }
      SpecialNames named = SpecialNames.beside(file);
      return opened(TokenizerFile.read(file, json, named), named);
    } catch (IOException e) {
      throw new BadInputException(file, "cannot be read: " + e.getMessage());
    }
  }

  private static Tokenizer openGguf(Path file) {
    GgufTokenizer.Content content = GgufTokenizer.read(file);
    byte[] json = JsonMapper.shared().writeValueAsBytes(content.tokenizer());
    SpecialNames named = SpecialNames.within(file, content.configuration());
    return opened(TokenizerFile.read(file, json, named), named);
  }

  /**
   * Whether what a model says depends on the {@code special_tokens_map.json} of its folder, which
   * is read for what {@code tokenizer_config.json} does not name.
   *
   * @throws BadInputException if one of the two files cannot be read
   */
  public static boolean readsMap(Path folder) {
    try {
      return SpecialNames.beside(folder.resolve("tokenizer.json")).mapDecides();
    } catch (IOException e) {
      throw new BadInputException(folder, "cannot be read: " + e.getMessage());
    }
  }

  private static Tokenizer opened(TokenizerFile file, SpecialNames named) {
    InferenceTokenizer inference = file.inference();
    HuggingFaceTokenizer built = build(file.path(), inference.json());
    try {
      SpecialTokens special = SpecialTokens.of(file, named);
      Tokenizer tokenizer =
          new Tokenizer(
              built,
              special,
              file.kind(),
              named.chatTemplate(),
              inference.prefix(),
              file.hasPostProcessor());
      tokenizer.requireIdsOf(file);
      tokenizer.requireLineBreak(file);
      var _ = tokenizer.ids(STRANGE);
      return tokenizer;
    } catch (RuntimeException e) {
      built.close();
      throw e;
    }
  }

  /** Whether a folder comes with a tokenizer, of whatever kind. */
  public static boolean isIn(Path folder) {
    return Files.isRegularFile(folder.resolve("tokenizer.json"))
        || Files.isRegularFile(folder.resolve("tokenizer" + SENTENCE_PIECE));
  }

  /** Whether a GGUF file comes with a tokenizer, of whatever kind. */
  public static boolean isIn(Metadata metadata) {
    return GgufTokenizer.isIn(metadata);
  }

  /** The library gives a new token the next free id, whatever the file says. */
  private void requireIdsOf(TokenizerFile file) {
    file.added()
        .forEach(
            (token, id) -> {
              int[] given = ids(token);
              if (given.length == 1 && given[0] != id) {
                throw new BadInputException(
                    file.path(),
                    "added token '%s': id %s: expected %s, the next free id"
                        .formatted(token, id, given[0]));
              }
            });
  }

  private void requireLineBreak(TokenizerFile file) {
    int[] tokens = ids(LINE_BREAK);
    Integer unknown = file.unknown();
    boolean guessed = unknown != null && Arrays.stream(tokens).anyMatch(id -> id == unknown);
    String written = tokens.length == 0 ? "" : tokenizer.decode(toLong(tokens), false);
    if (guessed || !written.equals(LINE_BREAK)) {
      String reason =
          tokens.length == 0
              ? "it drops one"
              : guessed ? "it reads one as an unknown token" : "it reads one as '" + written + "'";
      throw new BadInputException(
          file.path(),
          "this tokenizer has no token for a line break, which ends every answer: %s. Use a model whose tokenizer works on bytes or falls back to bytes"
              .formatted(reason));
    }
  }

  private static HuggingFaceTokenizer build(Path file, byte[] json) {
    var options = Map.of("addSpecialTokens", "false", "truncation", "false", "padding", "false");
    try (var in = new ByteArrayInputStream(json)) {
      return HuggingFaceTokenizer.newInstance(in, options);
    } catch (IOException e) {
      throw new BadInputException(file, "cannot be read: " + e.getMessage());
    } catch (RuntimeException e) {
      throw ofFile(file, "is not a usable tokenizer: ", e);
    }
  }

  private static Path locate(Path path) {
    if (!Files.isDirectory(path)) {
      return existing(path);
    }
    Path model = path.resolve("tokenizer" + SENTENCE_PIECE);
    Path json = path.resolve("tokenizer.json");
    return !Files.isRegularFile(json) && Files.isRegularFile(model) ? model : existing(json);
  }

  private static Path existing(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new BadInputException(
          file, "no such file; a model folder needs a tokenizer.json or tokenizer.model");
    }
    return file;
  }

  /** The native library would otherwise look for a download and report its use. */
  private static void stayOffline() {
    for (String property : new String[] {"ai.djl.offline", "OPT_OUT_TRACKING"}) {
      if (System.getProperty(property) == null) {
        System.setProperty(property, "true");
      }
    }
  }

  /** What the post-processor puts before a text. */
  private int[] processed() {
    Encoding encoding = tokenizer.encode(LINE_BREAK, true, false);
    long[] mask = encoding.getSpecialTokenMask();
    int count = 0;
    while (count < mask.length && mask[count] == 1) {
      count++;
    }
    return Arrays.stream(encoding.getIds()).limit(count).mapToInt(Math::toIntExact).toArray();
  }

  /** Returns the token ids of the first text of a prompt, which some files put a space before. */
  public int[] encodeFirst(String text) {
    return encode(prefix.before(text));
  }

  /** Returns the token ids of a text, as it stands in the middle of a longer one. */
  public int[] encode(String text) {
    Matcher spelled = spelledSpecial.matcher(text);
    if (!spelled.find()) {
      return encodePlain(text);
    }
    TokenList tokens = new TokenList();
    int from = 0;
    while (spelled.find(from)) {
      int cut = text.offsetByCodePoints(spelled.start(), 1);
      tokens.addAll(encodePlain(text.substring(from, cut)));
      from = cut;
    }
    tokens.addAll(encodePlain(text.substring(from)));
    return tokens.toArray();
  }

  private int[] encodePlain(String text) {
    return text.isEmpty() ? new int[0] : ids(text);
  }

  private int[] ids(String text) {
    try {
      Encoding encoding = tokenizer.encode(text, false, false);
      return Arrays.stream(encoding.getIds()).mapToInt(Math::toIntExact).toArray();
    } catch (RuntimeException e) {
      throw ofFile(special.file(), "cannot read a text: ", e);
    }
  }

  /**
   * A mistake of the file in the words of the native library, which throws this very class; a
   * subclass is a mistake of the program.
   */
  private static RuntimeException ofFile(Path file, String what, RuntimeException e) {
    return e.getClass() == RuntimeException.class
        ? new BadInputException(file, what + e.getMessage())
        : e;
  }

  /**
   * Returns the text of tokens, leaving out special ones; {@code decode(encode(x))} is x for
   * byte-level tokenizers and for the ones of Llama.
   *
   * @throws IllegalArgumentException if an id is outside the vocabulary
   */
  public String decode(int[] tokens) {
    return decode(tokens, true);
  }

  private String decode(int[] tokens, boolean withoutSpecial) {
    for (int token : tokens) {
      if (token < 0 || token >= vocabularySize()) {
        throw new IllegalArgumentException(
            "token %s is outside the vocabulary of %s".formatted(token, vocabularySize()));
      }
    }
    return tokens.length == 0 ? "" : tokenizer.decode(toLong(tokens), withoutSpecial);
  }

  private static long[] toLong(int[] tokens) {
    return Arrays.stream(tokens).asLongStream().toArray();
  }

  /**
   * Checks that a model has an embedding for every token. A model may have more: tables are often
   * padded.
   *
   * @param rows how many embeddings it has
   * @throws BadInputException if there are fewer than tokens
   */
  public void requireEmbeddings(int rows) {
    if (vocabularySize() > rows) {
      throw new BadInputException(
          special.file(),
          "names token %s, but the model has %s embeddings (vocab_size in config.json), for tokens 0 to %s: take the token out of the tokenizer, or resize the model's embeddings"
              .formatted(vocabularySize() - 1, rows, rows - 1));
    }
  }

  /** Returns what kind of tokenizer it is, in words such as "byte-level BPE". */
  public String kind() {
    return kind;
  }

  /** Returns the highest token id plus one. */
  public int vocabularySize() {
    return special.vocabularySize();
  }

  /** Returns the id of the bos token, or -1 when there is none. */
  public int bos() {
    return special.bos();
  }

  /** Returns the ids that a prompt begins with: a bos token, nothing, or what the files name. */
  public int[] beginning() {
    return beginning.clone();
  }

  /** Returns the id that ends a text, or -1 when there is none. */
  public int eos() {
    return special.eos();
  }

  /** Returns the id that fills a batch; eos where the tokenizer has none of its own, else 0. */
  public int pad() {
    return special.pad();
  }

  /** Returns the id at places an embedding replaces: {@code <slot>}, else one without meaning. */
  public int slot() {
    return special.slot();
  }

  /**
   * Returns the token ids of a text that the program made, such as a rendered chat template:
   * special tokens are found in it. Text of others is for {@link #encode}.
   */
  public int[] encodeWithSpecial(String text) {
    return encodePlain(text);
  }

  /**
   * Returns the text of tokens, special ones as they are spelled.
   *
   * @throws IllegalArgumentException if an id is outside the vocabulary
   */
  public String decodeWithSpecial(int[] tokens) {
    return decode(tokens, false);
  }

  /** Returns the file that the tokenizer was read from. */
  public Path file() {
    return special.file();
  }

  /** Returns the template of conversations that comes with the tokenizer, as it stands there. */
  public Optional<String> chatTemplate() {
    return chatTemplate;
  }

  /** Tells whether an id belongs to a special token rather than to text. */
  public boolean isSpecial(int token) {
    return special.specials().containsValue(token);
  }

  @Override
  public void close() {
    tokenizer.close();
  }
}
