package dev.ilora.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ilora.adapter.Adaptation;
import dev.ilora.hybrid.TinyModels;
import dev.ilora.llm.Attention;
import dev.ilora.llm.Llama;
import dev.ilora.tensor.DType;
import dev.ilora.tensor.Device;
import dev.ilora.tensor.SafeTensors;
import dev.ilora.tensor.Scope;
import dev.ilora.tensor.Tensor;
import dev.ilora.testing.ReferenceFiles;
import dev.ilora.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Language models written in the other format, and back. */
class ModelConvertCommandTest extends RunsCommands {
  private static final String TEXT = "chosen: Red Fox, The Long Way Home.\n Candidates: É 12";

  @TempDir Path folder;
  private Path model;
  private Path file;

  @BeforeEach
  void write() throws IOException {
    model = Files.createDirectories(folder.resolve("tiny"));
    file = folder.resolve("tiny.gguf");
    try (Tokenizer tokenizer = TinyModels.tokenizer(model);
        Llama llama = TinyModels.llama(tokenizer)) {
      llama.save(model);
    }
  }

  private void convert(Path from, Path to, String... more) {
    assertEquals(0, run(words(from, to, more)), err::toString);
  }

  private String refusal(int code, Path from, Path to, String... more) {
    return error(code, words(from, to, more));
  }

  private static String[] words(Path from, Path to, String... more) {
    String[] words = new String[more.length + 5];
    String[] first = {"model", "convert", from.toString(), "--out", to.toString()};
    System.arraycopy(first, 0, words, 0, first.length);
    System.arraycopy(more, 0, words, first.length, more.length);
    return words;
  }

  private static float[] logits(Path model) {
    try (var _ = Scope.open();
        Tokenizer tokenizer = Tokenizer.open(model)) {
      Llama llama = Llama.load(model, Device.CPU, DType.F32);
      int[] ids = tokenizer.encode(TEXT);
      Tensor tokens = Tensor.ofInts(ids, 1, ids.length);
      Tensor embedded = llama.embed(tokens);
      Tensor hidden = llama.hidden(embedded, Attention.causal(), Adaptation.NONE);
      return llama.logits(hidden).toFloats();
    }
  }

  @Test
  void aGgufFileInF32GivesTheSameBits() {
    convert(model, file);
    assertArrayEquals(logits(model), logits(file));
  }

  @Test
  void aFolderComesBackWithEqualTensorsAndTokens() throws IOException {
    Files.writeString(
        model.resolve("chat_template.jinja"),
        "{% for m in messages %}<s>{{ m.content }}</s>{% endfor %}");
    convert(model, file);
    Path back = folder.resolve("back");
    convert(file, back);
    try (var _ = Scope.open();
        var first = SafeTensors.open(model);
        var second = SafeTensors.open(back);
        Tokenizer tokenizer = Tokenizer.open(model);
        Tokenizer read = Tokenizer.open(back)) {
      assertEquals(first.names(), second.names());
      for (String name : first.names()) {
        assertArrayEquals(first.load(name).toFloats(), second.load(name).toFloats(), name);
      }
      assertArrayEquals(tokenizer.encodeFirst(TEXT), read.encodeFirst(TEXT));
      assertArrayEquals(tokenizer.beginning(), read.beginning());
      assertEquals(tokenizer.eos(), read.eos());
      assertEquals(tokenizer.pad(), read.pad());
      assertEquals(tokenizer.slot(), read.slot());
      assertEquals(tokenizer.chatTemplate(), read.chatTemplate());
      assertEquals(tokenizer.vocabularySize(), read.vocabularySize());
    }
    Path again = folder.resolve("again.gguf");
    convert(back, again);
    assertArrayEquals(logits(file), logits(again));
  }

  @ParameterizedTest
  @CsvSource({"f16, 0.05", "bf16, 0.5"})
  void fewerBitsAreNear(String type, float tolerance) {
    convert(model, file, "--type", type);
    assertArrayEquals(logits(model), logits(file), tolerance);
    Path back = folder.resolve("back");
    convert(file, back, "--type", type);
    assertArrayEquals(logits(file), logits(back));
  }

  @Test
  void whatIsThereIsOnlyReplacedByForce() throws IOException {
    Files.writeString(file, "mine");
    assertTrue(refusal(3, model, file).contains("exists already; choose another or --force"));
    assertEquals("mine", Files.readString(file));
    convert(model, file, "--force");
    Path back = Files.createDirectories(folder.resolve("back"));
    Files.writeString(back.resolve("notes.txt"), "mine");
    assertTrue(refusal(3, file, back).contains("exists already; choose another or --force"));
    assertTrue(
        refusal(3, file, back, "--force").contains("is no language model's folder; --force only"));
    assertEquals("mine", Files.readString(back.resolve("notes.txt")));
    Files.delete(back.resolve("notes.txt"));
    convert(file, back);
    assertTrue(refusal(3, file, back).contains("exists already"));
    convert(file, back, "--force");
  }

  @Test
  void formatsAndTypesThatDoNotFitAreRefused() {
    assertTrue(
        refusal(2, model, folder.resolve("other")).contains("is a folder already; name a file"));
    convert(model, file);
    assertTrue(
        refusal(2, file, folder.resolve("other.gguf")).contains("is a GGUF file already; name a"));
    assertTrue(
        refusal(2, file, folder.resolve("other"), "--type", "q8_0")
            .contains("--type q8_0: a folder holds f32, f16 or bf16"));
  }

  @Test
  void otherTokenizersAndPositionsAreRefusedByName() throws IOException {
    Path tokenizer = model.resolve("tokenizer.json");
    String written = Files.readString(tokenizer);
    Files.writeString(tokenizer, written.replace("\"use_regex\":true", "\"use_regex\":false"));
    assertTrue(
        refusal(3, model, file).contains("no name that is known here for how this tokenizer cuts"),
        err::toString);
    Files.writeString(tokenizer, written);
    Path config = model.resolve("config.json");
    String dynamic = "\"rope_scaling\" : {\"rope_type\": \"dynamic\", \"factor\": 2}";
    Files.writeString(config, Files.readString(config).replace("\"rope_scaling\" : null", dynamic));
    assertTrue(
        refusal(3, model, file).contains("rope_scaling dynamic cannot be written as GGUF here"),
        err::toString);
    assertTrue(Files.notExists(file));
  }

  @Test
  void otherFamiliesAreRefusedByName() {
    Path mistral = ReferenceFiles.ofEngine("families/mistral");
    assertTrue(
        refusal(3, mistral, file).contains("model_type 'mistral' cannot be written as GGUF here"));
  }
}
