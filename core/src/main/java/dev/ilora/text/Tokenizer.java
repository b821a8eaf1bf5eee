package dev.ilora.text;

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

/**
 * A tokenizer read from a Hugging Face {@code tokenizer.json}, without the network.
 *
 * <p>Text is always encoded as the middle of a longer text: no special token and no leading space
 * is added, whatever the file's own post-processor or prefix rule says, so pieces encoded one by
 * one may be joined. Text that spells a special token ("{@code </s>}" in a title) becomes ordinary
 * tokens. Instances may be shared by threads until closed.
 */
public final class Tokenizer implements AutoCloseable {
  private static final String ANCHOR_TEXT = "\n";

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
   * Opens a model folder's tokenizer, or a {@code tokenizer.json} itself.
   *
   * <p>Special ids come from {@code tokenizer_config.json}, else from {@code
   * generation_config.json} and {@code config.json}, else from the usual names among the added
   * tokens.
   *
   * @throws BadInputException if the folder holds no tokenizer.json or it cannot be read
   */
  public static Tokenizer open(Path folderOrTokenizerJson) {
    Path file = locate(folderOrTokenizerJson);
    stayOffline();
    SpecialTokens special = SpecialTokens.read(file);
    try (var in = new ByteArrayInputStream(Files.readAllBytes(file))) {
      var options = Map.of("addSpecialTokens", "false", "truncation", "false", "padding", "false");
      return new Tokenizer(HuggingFaceTokenizer.newInstance(in, options), special);
    } catch (IOException e) {
      throw new BadInputException(file, "cannot be read: " + e.getMessage());
    } catch (RuntimeException e) {
      throw new BadInputException(file, "is not a usable tokenizer: " + e.getMessage());
    }
  }

  private static Path locate(Path path) {
    if (Files.isDirectory(path)) {
      Path json = path.resolve("tokenizer.json");
      if (!Files.isRegularFile(json) && Files.isRegularFile(path.resolve("tokenizer.model"))) {
        throw sentencePiece(path.resolve("tokenizer.model"));
      }
      return existing(json);
    }
    if (path.getFileName() != null && path.getFileName().toString().endsWith(".model")) {
      throw sentencePiece(path);
    }
    return existing(path);
  }

  private static Path existing(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new BadInputException(file, "no such file; a model folder needs a tokenizer.json");
    }
    return file;
  }

  private static BadInputException sentencePiece(Path file) {
    return new BadInputException(
        file,
        "only tokenizer.json is read; convert this file with Hugging Face transformers:"
            + " AutoTokenizer.from_pretrained(FOLDER, use_fast=True).save_pretrained(FOLDER)");
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
            "token %d is outside the vocabulary of %d".formatted(tokens[i], vocabularySize()));
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
  boolean isSpecial(int token) {
    return special.added().containsValue(token);
  }

  @Override
  public void close() {
    tokenizer.close();
  }
}
