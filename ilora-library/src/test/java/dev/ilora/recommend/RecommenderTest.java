package dev.ilora.recommend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ilora.files.Folders;
import dev.ilora.hybrid.TinyModels;
import dev.ilora.prompt.ItemEmbeddings;
import dev.ilora.recommender.Architecture;
import dev.ilora.recommender.SequenceRecommender;
import dev.ilora.tensor.Device;
import dev.ilora.tensor.Scope;
import dev.ilora.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RecommenderTest {
  /** A model of each kind. */
  enum Model {
    POPULARITY,
    SASREC,
    GRU4REC,
    CASER,
    TEXT_ONLY,
    ILORA
  }

  @TempDir Path temporary;

  private Recommender load(Model model) throws IOException {
    Path folder = temporary.resolve("model");
    switch (model) {
      case POPULARITY -> TinyFolders.write(folder);
      case SASREC, GRU4REC, CASER -> {
        Architecture.Model network = Architecture.Model.named(model.name());
        try (var _ = Scope.open()) {
          ModelFolder.save(
              folder,
              TinyFolders.card(Optional.empty(), 0),
              TinyFolders.CATALOGUE,
              SequenceRecommender.create(
                  Architecture.released(network, TinyFolders.CATALOGUE.size()), 5, Device.CPU),
              "method: sasrec\n");
        }
      }
      case TEXT_ONLY, ILORA -> {
        Path base = TinyFolders.base(temporary);
        try (var _ = Scope.open();
            Tokenizer tokenizer = TinyModels.tokenizer(temporary)) {
          ItemEmbeddings form = model == Model.ILORA ? ItemEmbeddings.SLOT : ItemEmbeddings.NONE;
          TinyFolders.write(tokenizer, TinyModels.Kind.of(form), base, folder);
        }
        Path exported = temporary.resolve("exported");
        ModelFolder.export(folder, exported, Map.of(), Optional.of(base), false);
        return Recommender.load(exported);
      }
    }
    return Recommender.load(folder);
  }

  private static List<Request> requests(int count) {
    Random random = new Random(4);
    return IntStream.range(0, count)
        .mapToObj(
            i ->
                Request.history(
                        random
                            .ints(1 + random.nextInt(5), 0, TinyFolders.CATALOGUE.size())
                            .mapToObj(TinyFolders::item)
                            .toList())
                    .user("u" + i % 3)
                    .top(1 + i % 6))
        .toList();
  }

  /** Equal but for rounding: the same items in the same order. */
  private static void assertSame(List<Ranking> expected, List<Ranking> given) {
    assertEquals(expected.size(), given.size());
    for (int i = 0; i < expected.size(); i++) {
      List<Choice> first = expected.get(i).choices();
      List<Choice> second = given.get(i).choices();
      assertEquals(expected.get(i).items(), given.get(i).items(), "request " + i);
      for (int c = 0; c < first.size(); c++) {
        assertEquals(first.get(c).score(), second.get(c).score(), 1e-4);
        assertEquals(first.get(c).share(), second.get(c).share(), 1e-4);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Model.class)
  void theOrderOfTheCandidatesNeverChangesTheAnswer(Model which) throws IOException {
    try (Recommender model = load(which)) {
      Random random = new Random(9);
      List<CatalogueItem> offered = new ArrayList<>(TinyFolders.items(1, 4, 7, 8, 11, 13, 2));
      Request request = Request.history(TinyFolders.items(3, 10)).top(7);
      Ranking expected = model.recommend(request.among(offered));
      for (int round = 0; round < 6; round++) {
        Collections.shuffle(offered, random);
        assertEquals(expected, model.recommend(request.among(offered)));
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Model.class)
  void manyRequestsAtOnceGetTheAnswersOfEachByItself(Model which) throws IOException {
    try (Recommender model = load(which)) {
      List<Request> requests = requests(37);
      assertSame(requests.stream().map(model::recommend).toList(), model.recommend(requests));
      assertEquals(List.of(), model.recommend(List.of()));
    }
  }

  @ParameterizedTest
  @EnumSource(Model.class)
  void eightThreadsGetTheAnswersOfOne(Model which) throws Exception {
    try (Recommender model = load(which)) {
      List<Request> requests = requests(40);
      List<Ranking> expected = requests.stream().map(model::recommend).toList();
      try (var threads = Executors.newFixedThreadPool(8)) {
        List<Future<Ranking>> answers = new ArrayList<>();
        for (Request request : requests) {
          answers.add(threads.submit(() -> model.recommend(request)));
        }
        for (int i = 0; i < answers.size(); i++) {
          assertEquals(expected.get(i), answers.get(i).get());
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Model.class)
  void aLoadedModelOpensNoFileAgain(Model which) throws IOException {
    try (Recommender model = load(which)) {
      try (Stream<Path> inside = java.nio.file.Files.list(temporary)) {
        for (Path path : inside.toList()) {
          Folders.delete(path);
        }
      }
      assertEquals(3, model.recommend(Request.history(TinyFolders.item(2)).top(3)).items().size());
    }
  }

  @ParameterizedTest
  @EnumSource(Model.class)
  void neitherTheHistoryNorWhatIsExcludedIsRecommended(Model which) throws IOException {
    try (Recommender model = load(which)) {
      List<CatalogueItem> history = TinyFolders.items(3, 10, 6);
      List<CatalogueItem> seen = TinyFolders.items(0, 1);
      Request request = Request.history(history).excluding(seen).top(100);
      List<CatalogueItem> found = model.recommend(request).items();
      assertTrue(Collections.disjoint(found, history));
      assertTrue(Collections.disjoint(found, seen));
      double shares = model.recommend(request).choices().stream().mapToDouble(Choice::share).sum();
      assertEquals(1, shares, 1e-9);
    }
  }

  @Test
  void aLanguageModelRanksAShortlistAndSaysSo() throws IOException {
    try (Recommender model = load(Model.ILORA)) {
      Request request = Request.history(TinyFolders.items(3, 10));
      Explanation all = model.recommend(request).explanation();
      assertEquals(Optional.of("SASRec"), all.shortlistedBy());
      assertEquals(5, all.candidates());
      assertEquals(2, all.expertWeights().size());
      Explanation few = model.recommend(request.among(TinyFolders.items(1, 4, 7))).explanation();
      assertEquals(Optional.empty(), few.shortlistedBy());
      assertEquals(3, few.candidates());
      assertEquals("log-likelihood", few.score());
    }
  }

  @Test
  void impossibleRequestsAreRefusedNamingThem() throws IOException {
    try (Recommender model = load(Model.SASREC)) {
      Request good = Request.history(TinyFolders.item(1));
      assertEquals(
          "the history is empty; expected at least one item",
          refusal(() -> model.recommend(Request.history(List.of()))));
      assertEquals(
          "request 2 of 2: nothing to rank: every candidate is in the history or excluded",
          refusal(() -> model.recommend(List.of(good, good.among(TinyFolders.items(1))))));
      assertEquals(
          "item 'Stranger' (key x) is not in this catalogue",
          refusal(() -> model.recommend(Request.history(new CatalogueItem("x", "Stranger")))));
      assertEquals(
          "the number of items wanted must be at least 1, not 0", refusal(() -> good.top(0)));
      assertEquals(
          "there are no candidates; expected at least one item",
          refusal(() -> good.among(List.of())));
    }
  }

  @Test
  void exclusionsAddUp() {
    Request request =
        Request.history(TinyFolders.item(0))
            .excluding(TinyFolders.items(1))
            .excluding(TinyFolders.items(2));
    assertEquals(Set.of(TinyFolders.item(1), TinyFolders.item(2)), request.excluded());
  }

  @ParameterizedTest
  @EnumSource(Model.class)
  void aClosedModelSaysSoAndIsClosedOnce(Model which) throws IOException {
    Recommender model = load(which);
    model.close();
    model.close();
    assertEquals(
        "the recommender is closed",
        assertThrows(
                IllegalStateException.class,
                () -> model.recommend(Request.history(TinyFolders.item(0))))
            .getMessage());
  }

  @Test
  void theCardSaysWhatTheModelIs() throws IOException {
    try (Recommender model = load(Model.ILORA)) {
      assertEquals("ilora", model.card().method());
      assertEquals(new ModelCard.Limits(10, 5), model.card().limits());
      assertFalse(model.card().base().orElseThrow().sha256().isEmpty());
      assertEquals(TinyFolders.CATALOGUE.items(), model.catalogue().items());
    }
  }

  private static String refusal(org.junit.jupiter.api.function.Executable asking) {
    return assertThrows(IllegalArgumentException.class, asking).getMessage();
  }
}
