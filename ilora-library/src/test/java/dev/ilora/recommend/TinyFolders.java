package dev.ilora.recommend;

import dev.ilora.hybrid.BaseModels;
import dev.ilora.hybrid.LikelihoodForm;
import dev.ilora.hybrid.PromptForm;
import dev.ilora.hybrid.PromptModel;
import dev.ilora.hybrid.TinyModels;
import dev.ilora.llm.WeightForm;
import dev.ilora.prompt.ChatUse;
import dev.ilora.prompt.PromptTemplate;
import dev.ilora.recommender.Popularity;
import dev.ilora.tensor.Scope;
import dev.ilora.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Model folders of {@link TinyModels}, with their base model. */
final class TinyFolders {
  /** Keys that are no numbers, so that nothing takes one for the other. */
  static final Catalogue CATALOGUE = catalogue();

  private TinyFolders() {}

  private static Catalogue catalogue() {
    List<CatalogueItem> items = new ArrayList<>();
    for (int i = 0; i < TinyModels.TITLES.size(); i++) {
      items.add(new CatalogueItem("k-" + i, TinyModels.TITLES.get(i)));
    }
    return new Catalogue(items);
  }

  /** Writes the language model all tiny models adapt. */
  static Path base(Path parent) throws IOException {
    Path base = Files.createDirectories(parent.resolve("tiny-base"));
    try (var _ = Scope.open();
        Tokenizer tokenizer = TinyModels.tokenizer(base)) {
      TinyModels.llama(tokenizer).save(base);
    }
    return base;
  }

  static ModelCard card(Optional<ModelCard.Base> base, int candidates) {
    return new ModelCard(
        base.isPresent() ? "Tiny" : "Popularity",
        base.isPresent() ? "ilora" : "popularity",
        3,
        new ModelCard.Limits(10, candidates),
        new ModelCard.Data("titles", "abc"),
        base,
        Map.of(),
        "test");
  }

  /** Writes a model folder and returns the scores the model gave before. */
  static PromptModel write(Tokenizer tokenizer, TinyModels.Kind kind, Path base, Path folder) {
    return write(tokenizer, kind, base, folder, LikelihoodForm.SUM);
  }

  /** The same, with what of the likelihood it ranks by. */
  static PromptModel write(
      Tokenizer tokenizer, TinyModels.Kind kind, Path base, Path folder, LikelihoodForm form) {
    PromptModel model = TinyModels.trained(tokenizer, kind);
    write(model, kind, base, folder, form);
    return model;
  }

  /** Writes a folder of a model, whose prompts are of a kind. */
  static void write(
      PromptModel model, TinyModels.Kind kind, Path base, Path folder, LikelihoodForm form) {
    write(model, kind, base, Optional.empty(), folder, form);
  }

  /** The same, saying in what form the base model's weights were held. */
  static void write(
      PromptModel model,
      TinyModels.Kind kind,
      Path base,
      Optional<WeightForm> weights,
      Path folder,
      LikelihoodForm form) {
    ModelFolder.save(
        folder,
        card(
            Optional.of(new ModelCard.Base("tiny-base", BaseModels.hash(base), "fp32", weights)),
            5),
        CATALOGUE,
        model,
        new PromptForm(
            kind.form(), kind.vectors(), kind.userSlot(), ChatUse.NEVER, kind.guidance(), 6, form),
        PromptTemplate.named("item-short"),
        popularity(),
        "method: ilora\n");
  }

  static Popularity popularity() {
    int[] counts = new int[CATALOGUE.size()];
    Arrays.setAll(counts, i -> 1 + (i * 7) % 16);
    return new Popularity(counts);
  }

  /** Writes a folder of Popularity. */
  static void write(Path folder) {
    ModelFolder.save(
        folder, card(Optional.empty(), 0), CATALOGUE, popularity(), "method: popularity\n");
  }

  static CatalogueItem item(int index) {
    return CATALOGUE.items().get(index);
  }

  static List<CatalogueItem> items(int... indexes) {
    return Arrays.stream(indexes).mapToObj(TinyFolders::item).toList();
  }
}
