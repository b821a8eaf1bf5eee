package dev.ilora.recommend;

import dev.ilora.BadInputException;
import dev.ilora.files.Hashes;
import dev.ilora.files.NamedFile;
import dev.ilora.files.SealedFile;
import dev.ilora.files.WholeFile;
import dev.ilora.files.WholeFolder;
import dev.ilora.gguf.GgufFile;
import dev.ilora.hybrid.BaseModels;
import dev.ilora.hybrid.OpenModel;
import dev.ilora.hybrid.PromptForm;
import dev.ilora.hybrid.PromptModel;
import dev.ilora.hybrid.PromptModelFiles;
import dev.ilora.prompt.PromptTemplate;
import dev.ilora.recommender.ItemScorer;
import dev.ilora.tensor.DType;
import dev.ilora.tensor.Device;
import dev.ilora.tensor.NativeSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A trained model in a folder of its own, which can be moved and copied: {@code model.json} with
 * the method, limits, provenance, metrics and the SHA-256 of every other file; {@code items.tsv};
 * {@code recommender/}; and for language models {@code template.txt}, the adapters in PEFT's
 * layout, {@code gate.safetensors}, {@code projector.safetensors} and, where it is small or wanted,
 * the language model itself in {@code base/}.
 */
public final class ModelFolder {
  private static final String ITEMS = "items.tsv";
  private static final String TEMPLATE = "template.txt";
  private static final String BASE = "base";

  /** A base model up to this size goes into an exported folder unasked. */
  private static final long SMALL_BASE = 64L << 20;

  private ModelFolder() {}

  /** Whether a folder holds a model. */
  public static boolean isOne(Path folder) {
    return Files.exists(folder.resolve(ModelFile.NAME));
  }

  /**
   * Returns what the model in a folder is, without loading it.
   *
   * @throws BadInputException if the folder holds none, or a later version's
   */
  public static ModelCard card(Path folder) {
    return ModelFile.read(folder).card();
  }

  /**
   * Returns the items of the model in a folder.
   *
   * @throws BadInputException if the folder holds none, or the items are damaged
   */
  public static Catalogue catalogue(Path folder) {
    return ItemsFile.read(folder.resolve(ITEMS));
  }

  /**
   * Returns the SHA-256 of every file of a model but its description, by its path in the folder.
   *
   * @throws BadInputException if the folder holds no model
   */
  public static Map<String, String> files(Path folder) {
    return ModelFile.read(folder).files();
  }

  /**
   * Returns the SHA-256 of a model's description, which holds the hashes of its files: the same for
   * a copy, another for another model.
   *
   * @throws BadInputException if the folder holds none, or a later version's
   */
  public static String hash(Path folder) {
    ModelFile.read(folder);
    return Hashes.sha256(folder.resolve(ModelFile.NAME));
  }

  /**
   * Writes a recommender without a language model. A model that is in the folder is replaced once
   * the new one is whole.
   *
   * @param recipe it was trained by, as YAML
   * @throws BadInputException if there is something else under that name
   */
  public static void save(
      Path folder, ModelCard card, Catalogue catalogue, ItemScorer scorer, String recipe) {
    writeWhole(
        folder,
        draft -> {
          scorer.save(draft.resolve(PromptModelFiles.RECOMMENDER), Map.of());
          ItemsFile.write(catalogue, draft.resolve(ITEMS));
          finish(
              draft,
              new ModelFile(ModelFile.SCHEMA, card, Optional.empty(), false, recipe, Map.of()));
        });
  }

  /**
   * Writes a language model's parts, without the language model. A model that is in the folder is
   * replaced once the new one is whole.
   *
   * @param card with its base
   * @param form how its prompts are made
   * @param shortlister ranks long lists first; not written where the model has a guide, which then
   *     does
   * @param recipe it was trained by, as YAML
   * @throws BadInputException if there is something else under that name
   */
  public static void save(
      Path folder,
      ModelCard card,
      Catalogue catalogue,
      PromptModel model,
      PromptForm form,
      PromptTemplate template,
      ItemScorer shortlister,
      String recipe) {
    boolean guided = model.guide().isPresent();
    writeWhole(
        folder,
        draft -> {
          PromptModelFiles.save(model, draft, card.base().orElseThrow().sha256());
          if (!guided) {
            shortlister.save(draft.resolve(PromptModelFiles.RECOMMENDER), Map.of());
          }
          ItemsFile.write(catalogue, draft.resolve(ITEMS));
          WholeFile.write(draft.resolve(TEMPLATE), template.frame() + "\n");
          finish(
              draft,
              new ModelFile(ModelFile.SCHEMA, card, Optional.of(form), guided, recipe, Map.of()));
        });
  }

  /** Writes a folder beside its place and moves it there. */
  private static void writeWhole(Path folder, WholeFolder.Content content) {
    WholeFolder.write(
        folder,
        draft -> {
          if (!isOne(folder) && !WholeFolder.isFree(folder)) {
            throw new BadInputException(
                folder, "exists already and is not a model; choose another");
          }
          content.writeTo(draft);
        });
  }

  /** Writes the description with the hashes of all files there are. */
  private static void finish(Path folder, ModelFile file) {
    new ModelFile(
            file.schema(), file.card(), file.prompt(), file.guided(), file.recipe(), hashes(folder))
        .write(folder);
  }

  private static Map<String, String> hashes(Path folder) {
    Map<String, String> hashes = new TreeMap<>();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file :
          files.filter(Files::isRegularFile).filter(file -> !SealedFile.isSeal(file)).toList()) {
        String name = folder.relativize(file).toString().replace('\\', '/');
        if (!name.equals(ModelFile.NAME)) {
          hashes.put(name, Hashes.sha256(file));
        }
      }
      return hashes;
    } catch (IOException e) {
      throw new UncheckedIOException(folder + ": cannot be read: " + e.getMessage(), e);
    }
  }

  /** The same to a folder that must not be there yet. */
  public static boolean export(
      Path source,
      Path target,
      Map<String, Double> metrics,
      Optional<Path> base,
      boolean withBase) {
    return export(source, target, metrics, base, withBase, false);
  }

  /**
   * Copies a model to a new folder, which then depends on nothing else.
   *
   * @param metrics of its evaluation, kept in the copy's card
   * @param base folder or name of its language model, as a recipe has it, for models that have one
   * @param withBase whether the language model is copied whatever its size; up to 64 MB it always
   *     is
   * @param replace whether a model that is there is replaced
   * @return whether the folder holds the language model, or needs none
   * @throws BadInputException if the target exists and is not to be replaced or no model, or the
   *     source is damaged
   */
  public static boolean export(
      Path source,
      Path target,
      Map<String, Double> metrics,
      Optional<Path> base,
      boolean withBase,
      boolean replace) {
    if (Files.exists(target) && !replace) {
      throw new BadInputException(target, "exists already; choose another folder or --force");
    }
    ModelFile file = ModelFile.read(source);
    verify(source, file);
    boolean holdsBase = file.card().base().isEmpty() || ownBase(source, file).isPresent();
    Optional<Path> found =
        holdsBase
            ? Optional.empty()
            : base.map(BaseModels::folder)
                .filter(folder -> withBase || BaseModels.exists(folder))
                .filter(folder -> withBase || size(folder) <= SMALL_BASE);
    found.ifPresent(folder -> requireBase(source, file.card().base().orElseThrow(), folder));
    writeWhole(
        target,
        draft -> {
          for (String name : file.files().keySet()) {
            copy(source.resolve(name), draft.resolve(name));
          }
          for (Path one : found.map(BaseModels::filesWithIndex).orElse(List.of())) {
            copy(one, draft.resolve(BASE).resolve(one.getFileName().toString()));
          }
          finish(
              draft,
              new ModelFile(
                  file.schema(),
                  file.card().withMetrics(metrics),
                  file.prompt(),
                  file.guided(),
                  file.recipe(),
                  Map.of()));
        });
    return holdsBase || found.isPresent();
  }

  private static long size(Path base) {
    return BaseModels.files(base).stream().mapToLong(file -> file.toFile().length()).sum();
  }

  private static void copy(Path from, Path to) throws IOException {
    Files.createDirectories(to.getParent());
    Files.copy(from, to);
  }

  /**
   * Refuses a folder in which a file is missing or was changed.
   *
   * @throws BadInputException naming the file
   */
  public static void verify(Path folder) {
    verify(folder, ModelFile.read(folder));
  }

  private static void verify(Path folder, ModelFile file) {
    file.files()
        .forEach(
            (name, expected) -> {
              Path path = NamedFile.in(folder, name, folder.resolve(ModelFile.NAME));
              if (!Files.isRegularFile(path)) {
                throw new BadInputException(folder, "is incomplete: it lacks " + name);
              }
              String found = Hashes.sha256(path);
              if (!found.equals(expected)) {
                throw new BadInputException(
                    path,
                    "was changed or cut short: its SHA-256 is %s, %s says %s"
                        .formatted(found, ModelFile.NAME, expected));
              }
            });
    for (String needed :
        List.of(ITEMS, PromptModelFiles.RECOMMENDER + "/recommender.safetensors")) {
      if (!file.files().containsKey(needed)) {
        throw new BadInputException(folder.resolve(ModelFile.NAME), "does not list " + needed);
      }
    }
  }

  static Recommender load(Path folder, LoadOptions options) {
    NativeSettings.check();
    ModelFile file = ModelFile.read(folder);
    verify(folder, file);
    Catalogue catalogue = ItemsFile.read(folder.resolve(ITEMS));
    Device device = device(options);
    Path recommender = folder.resolve(PromptModelFiles.RECOMMENDER);
    if (file.prompt().isEmpty()) {
      ItemScorer scorer = ItemScorer.load(recommender, device);
      try {
        requireItems(recommender, scorer, catalogue);
        return new ScoringRecommender(scorer, catalogue, file.card());
      } catch (RuntimeException e) {
        scorer.close();
        throw e;
      }
    }
    OpenModel opened = open(folder, file, options);
    Optional<ItemScorer> guide = opened.model().guide().map(own -> own);
    Optional<ItemScorer> other = Optional.empty();
    try {
      if (guide.isEmpty()) {
        other = Optional.of(ItemScorer.load(recommender, device));
      }
      ItemScorer shortlister = guide.isPresent() ? guide.get() : other.get();
      requireItems(recommender, shortlister, catalogue);
      return new PromptRecommender(
          opened, file.prompt().get().likelihood(), shortlister, catalogue, file.card());
    } catch (RuntimeException e) {
      other.ifPresent(ItemScorer::close);
      opened.close();
      throw e;
    }
  }

  private static void requireItems(Path folder, ItemScorer scorer, Catalogue catalogue) {
    if (scorer.itemCount() != catalogue.size()) {
      throw new BadInputException(
          folder,
          "scores %s items, %s has %s".formatted(scorer.itemCount(), ITEMS, catalogue.size()));
    }
  }

  /**
   * Opens the prompt model in a folder.
   *
   * @throws BadInputException if the folder is damaged, holds no language model's parts, or the
   *     language model is not found or another one
   */
  public static OpenModel open(Path folder, LoadOptions options) {
    ModelFile file = ModelFile.read(folder);
    verify(folder, file);
    return open(folder, file, options);
  }

  private static OpenModel open(Path folder, ModelFile file, LoadOptions options) {
    PromptForm form =
        file.prompt()
            .orElseThrow(() -> new BadInputException(folder, "holds no language model's parts"));
    ModelCard.Base base = file.card().base().orElseThrow();
    Path baseFolder = base(folder, file, base, options);
    return OpenModel.open(
        baseFolder,
        device(options),
        dtype(folder, base.dtype()),
        options.weights().or(base::weights),
        PromptTemplate.load(folder.resolve(TEMPLATE)),
        ItemsFile.read(folder.resolve(ITEMS)).titles(),
        form.embeddings(),
        form.userSlot(),
        form.chat(),
        PromptModelFiles.virtualTokens(folder, file.files().keySet()),
        (llama, encoder, textEncoder) ->
            PromptModelFiles.load(
                folder, file.files().keySet(), form, file.guided(), llama, encoder, textEncoder));
  }

  /**
   * Finds the language model that a model adapts, without loading it.
   *
   * @return empty for a recommender without one
   * @throws BadInputException if the folder holds no model, or its language model is not found or
   *     another one
   */
  public static Optional<Path> base(Path folder, LoadOptions options) {
    ModelFile file = ModelFile.read(folder);
    return file.card().base().map(base -> base(folder, file, base, options));
  }

  private static Path base(Path folder, ModelFile file, ModelCard.Base base, LoadOptions options) {
    if (options.base().isPresent()) {
      Path given = BaseModels.folder(options.base().get());
      requireBase(folder, base, given);
      return given;
    }
    Optional<Path> own = ownBase(folder, file);
    if (own.isPresent()) {
      requireBase(folder, base, own.get());
      return own.get();
    }
    return BaseModels.find(base.name(), base.sha256())
        .orElseThrow(
            () ->
                new BadInputException(
                    folder,
                    ("needs the base model %s (SHA-256 %s), which is neither in the folder nor in"
                            + " the model cache %s: name its folder (--base FOLDER)")
                        .formatted(base.name(), base.sha256(), BaseModels.cache())));
  }

  /** The language model that a model's folder holds: a folder, or a GGUF file in it. */
  private static Optional<Path> ownBase(Path folder, ModelFile file) {
    if (file.files().containsKey(BASE + "/config.json")) {
      return Optional.of(folder.resolve(BASE));
    }
    return file.files().keySet().stream()
        .filter(name -> name.startsWith(BASE + "/"))
        .map(folder::resolve)
        .filter(GgufFile::isNamed)
        .findFirst();
  }

  private static void requireBase(Path folder, ModelCard.Base base, Path given) {
    String found = BaseModels.hash(given);
    if (!found.equals(base.sha256())) {
      throw new BadInputException(
          folder,
          "was trained on the base model %s (SHA-256 %s), not on %s (%s)"
              .formatted(base.name(), base.sha256(), given, found));
    }
  }

  static DType dtype(Path folder, String name) {
    return switch (name) {
      case "fp32" -> DType.F32;
      case "bf16" -> DType.BF16;
      default ->
          throw new BadInputException(
              folder.resolve(ModelFile.NAME), "dtype '%s': expected fp32 or bf16".formatted(name));
    };
  }

  private static Device device(LoadOptions options) {
    return Device.parse(options.device());
  }
}
