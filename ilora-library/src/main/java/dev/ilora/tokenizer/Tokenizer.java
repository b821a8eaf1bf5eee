package dev.ilora.tokenizer;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import dev.ilora.BadInputException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.json.JsonMapper;

/**
 * A tokenizer read from a Hugging Face {@code tokenizer.json} or a sentencepiece {@code
 * tokenizer.model}, without the network.
 *
 * <p>Text is always encoded as the middle of a longer text: no special token and no leading space
 * is added, whatever the file's own post-processor or prefix rule says, so pieces encoded one by
 * one may be joined. Text that spells a special token ("{@code </s>}" in a title) becomes ordinary
 * tokens. Instances may be shared by threads until closed.
 */
public final class Tokenizer implements AutoCloseable {
  private static final String ANCHOR_TEXT = "\n";
  private static final String SENTENCE_PIECE = ".model";

  private final HuggingFaceTokenizer tokenizer;
  private final SpecialTokens special;
  private final Pattern spelledSpecial;
  private final int[] anchor;

  private Tokenizer(HuggingFaceTokenizer tokenizer, SpecialTokens special) {
    this.tokenizer = tokenizer;
    this.special = special;
    this.spelledSpecial = special.pattern();
    this.anchor = addsPrefixSpace() ? ids(ANCHOR_TEXT) : new int[0];
  }

  /**
   * Opens a model folder's tokenizer, or a {@code tokenizer.json} or {@code tokenizer.model}
   * itself. A folder's tokenizer.model, the byte-pair kind of sentencepiece as in Llama 2, is read
   * where there is no tokenizer.json.
   *
   * <p>Special ids come from {@code tokenizer_config.json}, else from {@code
   * generation_config.json} and {@code config.json}, else from the usual names among the added
   * tokens.
   *
   * @throws BadInputException if the folder holds neither or the file cannot be used
   */
  public static Tokenizer open(Path folderOrTokenizerJson) {
    Path file = locate(folderOrTokenizerJson);
    stayOffline();
    try {
      byte[] json = Files.readAllBytes(file);
      if (file.toString().endsWith(SENTENCE_PIECE)) {
        var converted = SentencePieceModel.tokenizerJson(file, json);
        json = JsonMapper.builder().build().writeValueAsBytes(converted);
      }
      SpecialTokens special = SpecialTokens.read(file, json);
      return new Tokenizer(build(file, json), special);
    } catch (IOException e) {
      throw new BadInputException(file, "cannot be read: " + e.getMessage());
    }
  }

  private static HuggingFaceTokenizer build(Path file, byte[] json) throws IOException {
    var options = Map.of("addSpecialTokens", "false", "truncation", "false", "padding", "false");
    try (var in = new ByteArrayInputStream(json)) {
      return HuggingFaceTokenizer.newInstance(in, options);
    } catch (RuntimeException e) {
      // The native reader throws this very class; a subclass is a mistake of the program.
      if (e.getClass() != RuntimeException.class) {
        throw e;
      }
      throw new BadInputException(file, "is not a usable tokenizer: " + e.getMessage());
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

  private boolean addsPrefixSpace() {
    String[] tokens = tokenizer.encode("x", false, false).getTokens();
    return tokens.length > 0 && tokens[0].startsWith("▁");
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
    if (text.isEmpty()) {
      return new int[0];
    }
    if (anchor.length == 0) {
      return ids(text);
    }
    int[] anchored = ids(ANCHOR_TEXT + text);
    if (Arrays.mismatch(anchored, anchor) < anchor.length) {
      throw new IllegalStateException("the tokenizer merges a newline with the text after it");
    }
    return Arrays.copyOfRange(anchored, anchor.length, anchored.length);
  }

  private int[] ids(String text) {
    Encoding encoding = tokenizer.encode(text, false, false);
    return Arrays.stream(encoding.getIds()).mapToInt(Math::toIntExact).toArray();
  }

  /**
   * Returns the text of tokens, leaving out special ones; {@code decode(encode(x))} is x for
   * byte-level tokenizers and for the ones of Llama.
   *
   * @throws IllegalArgumentException if an id is outside the vocabulary
   */
  public String decode(int[] tokens) {
    long[] ids = new long[anchor.length + tokens.length];
    for (int i = 0; i < anchor.length; i++) {
      ids[i] = anchor[i];
    }
    for (int i = 0; i < tokens.length; i++) {
      if (tokens[i] < 0 || tokens[i] >= vocabularySize()) {
        throw new IllegalArgumentException(
            "token %s is outside the vocabulary of %s".formatted(tokens[i], vocabularySize()));
      }
      ids[anchor.length + i] = tokens[i];
    }
    if (ids.length == anchor.length) {
      return "";
    }
    String text = tokenizer.decode(ids, true);
    return anchor.length == 0 ? text : text.substring(ANCHOR_TEXT.length());
  }

  /** Returns the highest token id plus one. */
  public int vocabularySize() {
    return special.vocabularySize();
  }

  /** Returns the id that begins a text, or -1 when the model uses none. */
  public int bos() {
    return special.bos();
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

  /** Tells whether an id belongs to an added token rather than to text. */
  public boolean isSpecial(int token) {
    return special.added().containsValue(token);
  }

  @Override
  public void close() {
    tokenizer.close();
  }
}
