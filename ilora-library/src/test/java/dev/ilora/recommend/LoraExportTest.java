package dev.ilora.recommend;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ilora.BadInputException;
import dev.ilora.adapter.AdapterFolder;
import dev.ilora.adapter.Adapters;
import dev.ilora.adapter.Guidance;
import dev.ilora.adapter.LoraForm;
import dev.ilora.data.Case;
import dev.ilora.hybrid.LikelihoodForm;
import dev.ilora.hybrid.OpenModel;
import dev.ilora.hybrid.PromptModel;
import dev.ilora.hybrid.TinyModels;
import dev.ilora.hybrid.Tuning;
import dev.ilora.llm.Llama;
import dev.ilora.llm.WeightForm;
import dev.ilora.prompt.ItemEmbeddings;
import dev.ilora.tensor.DType;
import dev.ilora.tensor.Device;
import dev.ilora.tensor.Scope;
import dev.ilora.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class LoraExportTest {
  @TempDir Path temporary;
  private Scope scope;
  private Tokenizer tokenizer;
  private Path base;
  private Path folder;
  private Path lora;

  @BeforeEach
  void open() throws IOException {
    scope = Scope.open();
    tokenizer = TinyModels.tokenizer(temporary);
    base = TinyFolders.base(temporary);
    folder = temporary.resolve("model");
    lora = temporary.resolve("lora");
  }

  @AfterEach
  void close() {
    scope.close();
    tokenizer.close();
  }

  private void write(String gate, Guidance guidance) {
    TinyFolders.write(
        tokenizer,
        new TinyModels.Kind(ItemEmbeddings.SLOT, TinyModels.gate(gate), guidance, 0),
        base,
        folder);
  }

  private int export(LoraExport.Part part) {
    return LoraExport.write(folder, LoadOptions.DEFAULT.base(base), part, lora);
  }

  private String refusal(LoraExport.Part part) {
    String message = assertThrows(BadInputException.class, () -> export(part)).getMessage();
    assertFalse(Files.exists(lora));
    return message.replace(folder + ": ", "");
  }

  private static Request request(Case asked) {
    return Request.history(TinyFolders.items(asked.history())).user(asked.user());
  }

  /** What the model says next to a case with an adapter in place of its own. */
  private static float[] logits(PromptModel model, Adapters adapters, Case asked) {
    PromptModel other =
        new PromptModel(
            model.llama(),
            model.encoder(),
            model.encoder(),
            model.conditioning(),
            new Tuning.Lora(adapters));
    return other.nextLogits(List.of(asked)).toFloats();
  }

  @ParameterizedTest
  @CsvSource({"linear, SEQUENCE", "per-layer, SEQUENCE", "residual, SEQUENCE", "linear, RANDOM"})
  void theAdapterOfAUserDoesWhatTheMixtureDoesForThatUser(String gate, Guidance guidance) {
    write(gate, guidance);
    for (Case asked : TinyModels.cases()) {
      try (OpenModel opened = ModelFolder.open(folder, LoadOptions.DEFAULT.base(base))) {
        Path own = temporary.resolve("lora-" + asked.user());
        LoraExport.write(
            folder,
            LoadOptions.DEFAULT.base(base),
            new LoraExport.Part.ForUser(request(asked)),
            own);
        PromptModel model = opened.model();
        Adapters plain = AdapterFolder.load(own, model.llama().config().shape(), Device.CPU);
        assertArrayEquals(
            model.nextLogits(List.of(asked)).toFloats(), logits(model, plain, asked), 1e-4f);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"none, false", "none, true", "linear, false", "linear, true", "per-layer, true"})
  void aMergedModelDoesWhatTheAdaptedOneDoes(String gate, boolean dora) {
    TinyModels.Kind kind =
        new TinyModels.Kind(ItemEmbeddings.SLOT, TinyModels.gate(gate), Guidance.SEQUENCE, 0)
            .in(new LoraForm(true, dora));
    TinyFolders.write(tokenizer, kind, base, folder);
    Case asked = TinyModels.cases().getFirst();
    LoraExport.Part part =
        gate.equals("none")
            ? new LoraExport.Part.Only()
            : new LoraExport.Part.ForUser(request(asked));
    LoadOptions options = LoadOptions.DEFAULT.base(base);
    Path merged = temporary.resolve("merged");
    MergedExport.write(folder, options, part, merged);
    export(part);
    try (OpenModel opened = ModelFolder.open(folder, options);
        Tokenizer same = Tokenizer.open(merged)) {
      PromptModel model = opened.model();
      float[] adapted = model.nextLogits(List.of(asked)).toFloats();
      assertArrayEquals(
          adapted, frozen(model, Llama.load(merged, Device.CPU, DType.F32), asked), 1e-4f);
      Adapters single = AdapterFolder.load(lora, model.llama().config().shape(), Device.CPU);
      assertEquals(dora, single.config().form().decomposed());
      assertEquals(gate.equals("none"), single.config().form().rankStabilised());
      assertArrayEquals(adapted, logits(model, single, asked), 1e-4f);
      assertEquals(same.vocabularySize(), tokenizer.vocabularySize());
    }
    assertEquals(
        merged + ": exists already; choose another folder",
        assertThrows(
                BadInputException.class, () -> MergedExport.write(folder, options, part, merged))
            .getMessage());
  }

  @ParameterizedTest
  @EnumSource(WeightForm.class)
  void anAdapterOfRoundedWeightsIsNotMergedIntoOthers(WeightForm form) {
    TinyModels.Kind kind =
        new TinyModels.Kind(ItemEmbeddings.SLOT, TinyModels.gate("none"), Guidance.SEQUENCE, 0);
    TinyFolders.write(
        TinyModels.trained(tokenizer, kind),
        kind,
        base,
        Optional.of(form),
        folder,
        LikelihoodForm.SUM);
    LoadOptions options = LoadOptions.DEFAULT.base(base);
    LoraExport.Part only = new LoraExport.Part.Only();
    Path merged = temporary.resolve("merged");
    String name =
        switch (form) {
          case INT8 -> "int8";
          case Q4_0 -> "q4_0";
          case NF4 -> "nf4";
          case ASIS, BF16, FP32 -> "";
        };
    if (name.isEmpty()) {
      MergedExport.write(folder, options, only, merged);
      assertTrue(Files.exists(merged));
      return;
    }
    assertEquals(
        folder
            + ": was trained over weights in "
            + name
            + ", which a merged model does not have: expected one trained with llm.weights=asis,"
            + " bf16 or fp32; --as lora writes its adapter",
        assertThrows(
                BadInputException.class, () -> MergedExport.write(folder, options, only, merged))
            .getMessage());
    assertFalse(Files.exists(merged));
    export(only);
    assertTrue(Files.exists(lora));
  }

  private static float[] frozen(PromptModel model, Llama llama, Case asked) {
    return new PromptModel(
            llama, model.encoder(), model.encoder(), model.conditioning(), new Tuning.Frozen())
        .nextLogits(List.of(asked))
        .toFloats();
  }

  @Test
  void anExpertIsWrittenByItself() {
    write("linear", Guidance.SEQUENCE);
    int rank = export(new LoraExport.Part.Expert(2));
    try (OpenModel opened = ModelFolder.open(folder, LoadOptions.DEFAULT.base(base))) {
      Tuning.Mixture mixture = (Tuning.Mixture) opened.model().tuning();
      assertEquals(mixture.adapters().config().ranks().get(1), rank);
    }
    assertEquals(1, AdapterFolder.readConfig(lora).experts());
  }

  @Test
  void whatIsNoPartOfAModelIsRefusedAndNothingIsWritten() throws IOException {
    write("linear", Guidance.PROMPT_MEAN);
    Request request = request(TinyModels.cases().getFirst());
    assertEquals(
        "weighs experts by the whole prompt, so that a user's weights differ from one list of"
            + " candidates to another: choose one expert",
        refusal(new LoraExport.Part.ForUser(request)));
    int experts = AdapterFolder.readConfig(folder).experts();
    assertEquals(
        "has experts 1 to %s, not 9".formatted(experts), refusal(new LoraExport.Part.Expert(9)));
    assertEquals(
        "has %s experts and a gate: choose one expert, or a user whom they are weighed for"
            .formatted(experts),
        refusal(new LoraExport.Part.Only()));
  }

  @Test
  void aModelWithoutAGateHasOneAdapterForAllUsers() {
    write("none", Guidance.SEQUENCE);
    assertEquals(
        "has one adapter and no gate: it is the same for every user",
        refusal(new LoraExport.Part.ForUser(request(TinyModels.cases().getFirst()))));
    export(new LoraExport.Part.Only());
    try (OpenModel opened = ModelFolder.open(folder, LoadOptions.DEFAULT.base(base))) {
      Case asked = TinyModels.cases().getFirst();
      PromptModel model = opened.model();
      Adapters plain = AdapterFolder.load(lora, model.llama().config().shape(), Device.CPU);
      assertArrayEquals(
          model.nextLogits(List.of(asked)).toFloats(), logits(model, plain, asked), 1e-5f);
    }
    assertEquals(
        lora + ": exists already; choose another folder",
        assertThrows(BadInputException.class, () -> export(new LoraExport.Part.Only()))
            .getMessage());
  }
}
