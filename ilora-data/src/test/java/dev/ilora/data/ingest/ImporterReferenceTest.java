package dev.ilora.data.ingest;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ilora.data.CandidateFile;
import dev.ilora.data.Case;
import dev.ilora.data.CaseFiles;
import dev.ilora.data.Dataset;
import dev.ilora.data.Item;
import dev.ilora.data.MovieTitles;
import dev.ilora.data.Part;
import dev.ilora.data.Positions;
import dev.ilora.data.Split;
import dev.ilora.data.SplitRule;
import dev.ilora.data.UserSequence;
import dev.ilora.data.atomic.DatasetFolder;
import dev.ilora.testing.SharedFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The importers against the released splits of the papers. */
class ImporterReferenceTest {
  @TempDir Path temporary;

  private static Dataset raw(String folder, DatasetFormat format, boolean papers)
      throws IOException {
    ImportOptions options = papers ? ImportOptions.papers(format) : ImportOptions.defaults(format);
    return Importer.read(SharedFiles.require("data/" + folder), format, options);
  }

  private static Dataset released(String name) throws IOException {
    return Importer.read(SharedFiles.require("data/llara/" + name));
  }

  private static Set<String> users(Split split, Part part) {
    return split.users(part).stream().map(UserSequence::user).collect(Collectors.toSet());
  }

  @Test
  void movieLensIsWhole() throws IOException {
    Path folder = SharedFiles.require("data/movielens-100k");
    assertEquals(DatasetFormat.MOVIELENS_100K, DatasetFormat.detect(folder));
    Dataset dataset = Importer.read(folder);
    assertEquals(943, dataset.users().size());
    assertEquals(1682, dataset.itemCount());
    assertEquals(100_000, dataset.interactionCount());
    Item item = dataset.items().get(0);
    assertEquals("Toy Story", item.title());
    assertEquals(Map.of("year", "1995", "genre", "Animation|Children's|Comedy"), item.attributes());
    assertEquals("unknown", dataset.items().get(266).title());
  }

  @Test
  void movieLensSplitsAsReleased() throws IOException {
    Dataset dataset = raw("movielens-100k", DatasetFormat.MOVIELENS_100K, true);
    Split ours = new SplitRule.UsersByTime().apply(dataset, 10);
    Split theirs = new SplitRule.Given().apply(released("movielens"), 10);
    assertEquals(754, ours.train().size());
    assertEquals(94, ours.valid().size());
    assertEquals(95, ours.test().size());
    for (Part part : Part.values()) {
      assertEquals(users(theirs, part), users(ours, part), part.fileName());
    }
  }

  @Test
  void movieLensSequencesAreTheReleasedOnesButForTheSwallowedLine() throws IOException {
    Dataset ours = raw("movielens-100k", DatasetFormat.MOVIELENS_100K, true);
    Map<String, UserSequence> theirs = released("movielens").usersByKey();
    List<String> different = new ArrayList<>();
    for (UserSequence user : ours.users()) {
      if (!Arrays.equals(user.items(), theirs.get(user.user()).items())) {
        different.add(user.user());
      }
    }
    assertEquals(List.of("196"), different);
    UserSequence longer = ours.usersByKey().get("196");
    int[] withoutFirstLine = IntStream.of(longer.items()).filter(i -> i != 241).toArray();
    Set<Integer> expected =
        IntStream.of(theirs.get("196").items()).boxed().collect(Collectors.toSet());
    assertEquals(expected, IntStream.of(withoutFirstLine).boxed().collect(Collectors.toSet()));
  }

  @Test
  void movieLensTitlesFollowTheReleasedRules() throws IOException {
    Path folder = SharedFiles.require("data/movielens-100k");
    List<String> lines = Files.readAllLines(SharedFiles.require("data/llara/movielens/items.tsv"));
    List<String> wrong = new ArrayList<>();
    for (String line : lines.subList(1, lines.size())) {
      String[] cells = line.split("\t", -1);
      String papers = cells[1].isBlank() ? cells[3] : cells[1];
      // The reference leaves articles of alternative titles behind, and has "L' Enfer".
      boolean plain = !cells[2].contains(" (") && !cells[2].startsWith("L' ");
      if (plain && !MovieTitles.CLEAN.of(cells[3]).equals(cells[2])) {
        wrong.add("clean: " + line + " -> " + MovieTitles.CLEAN.of(cells[3]));
      }
      if (!MovieTitles.PAPERS.of(cells[3]).equals(papers)) {
        wrong.add("papers: " + line + " -> " + MovieTitles.PAPERS.of(cells[3]));
      }
    }
    assertEquals(List.of(), wrong);
    List<String> titles = Importer.read(folder).titles();
    assertEquals(lines.size() - 1, titles.size());
    assertTrue(titles.contains("The Tin Drum (Die Blechtrommel)"));
  }

  @Test
  void lastFmIsTheReleasedOne() throws IOException {
    Dataset ours = raw("lastfm-hetrec2011", DatasetFormat.LASTFM, true);
    Dataset theirs = released("lastfm");
    assertEquals(1220, ours.users().size());
    assertEquals(4606, ours.itemCount());
    assertEquals(56_794, ours.interactionCount());
    List<String> titles = new ArrayList<>(ours.titles());
    titles.replaceAll(t -> t.equals("\"Weird Al\" Yankovic") ? "Weird Al Yankovic" : t);
    assertEquals(theirs.titles(), titles);
    for (int u = 0; u < 1220; u++) {
      assertEquals(theirs.users().get(u).user(), ours.users().get(u).user());
      assertArrayEquals(theirs.users().get(u).items(), ours.users().get(u).items());
    }
    Split split = new SplitRule.UsersByTime().apply(ours, 10);
    Split given = new SplitRule.Given().apply(theirs, 10);
    for (Part part : Part.values()) {
      assertEquals(users(given, part), users(split, part), part.fileName());
    }
  }

  @Test
  void lastFmByDefaultIsInTheOrderOfTime() throws IOException {
    Dataset dataset = raw("lastfm-hetrec2011", DatasetFormat.LASTFM, false);
    assertEquals("390", Integer.toString(unknownArtists()));
    for (UserSequence user : dataset.users()) {
      long[] sorted = user.times().clone();
      Arrays.sort(sorted);
      assertArrayEquals(sorted, user.times());
    }
  }

  @Test
  void lastFmInTheOrderOfTimeHoldsThePapersUsersAndItems() throws IOException {
    Path folder = SharedFiles.require("data/lastfm-hetrec2011");
    ImportOptions papers = ImportOptions.papers(DatasetFormat.LASTFM);
    Dataset papersOrder = Importer.read(folder, DatasetFormat.LASTFM, papers);
    Dataset byTime =
        Importer.read(folder, DatasetFormat.LASTFM, papers.with(ImportOptions.Order.TIME));
    assertEquals(papersOrder.users().size(), byTime.users().size());
    assertEquals(papersOrder.interactionCount(), byTime.interactionCount());
    assertEquals(Set.copyOf(papersOrder.titles()), Set.copyOf(byTime.titles()));
    assertEquals(papersOrder.usersByKey().keySet(), byTime.usersByKey().keySet());
  }

  @Test
  void amazonsFiveCoresAreWholeAndTheirTextsDifferent() throws IOException {
    Map<String, List<Integer>> sizes =
        Map.of(
            "beauty", List.of(22_363, 12_101, 198_502), "sports", List.of(35_598, 18_357, 296_337));
    for (String name : sizes.keySet()) {
      Dataset dataset = Importer.read(SharedFiles.require("data/amazon-" + name));
      assertEquals(
          sizes.get(name),
          List.of(dataset.users().size(), dataset.itemCount(), (int) dataset.interactionCount()));
      assertEquals(dataset.itemCount(), Set.copyOf(dataset.titles()).size());
      assertTrue(dataset.titles().stream().noneMatch(title -> title.contains("  ")));
      Split split = SplitRule.usual(dataset).apply(dataset, 10);
      List<Case> test = split.rows(Part.TEST, Positions.EVERY, 3);
      List<Case> valid = split.rows(Part.VALID, Positions.EVERY, 3);
      assertEquals(dataset.users().size(), test.size());
      assertEquals(dataset.users().size(), valid.size());
      int[] first = dataset.users().getFirst().items();
      assertEquals(first[first.length - 1], test.getFirst().target());
      assertEquals(first[first.length - 2], valid.getFirst().target());
    }
  }

  private static int unknownArtists() throws IOException {
    Path folder = SharedFiles.require("data/lastfm-hetrec2011");
    Set<String> known = keys(folder.resolve("artists.dat"), 0);
    Set<String> tagged = keys(folder.resolve("user_taggedartists.dat"), 1);
    tagged.removeAll(known);
    return tagged.size();
  }

  private static Set<String> keys(Path file, int column) throws IOException {
    try (var lines = Files.lines(file)) {
      return lines
          .skip(1)
          .filter(l -> !l.isBlank())
          .map(l -> l.split("\t")[column])
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }

  @Test
  void splitRowsAreTheStoredRows() throws IOException {
    for (String name : List.of("movielens", "lastfm")) {
      Split split = new SplitRule.Given().apply(released(name), 10);
      for (Part part : Part.values()) {
        Path file = SharedFiles.require("data/llara/" + name + "/" + part.fileName() + ".jsonl");
        Positions positions = part == Part.TRAIN ? Positions.EVERY : Positions.LAST;
        List<Case> stored = CaseFiles.readRows(file, split.dataset().itemCount(), 10, 0);
        List<Case> rows = split.rows(part, positions, 0);
        assertEquals(stored.size(), rows.size(), name + " " + part);
        Set<String> expected = new HashSet<>();
        stored.forEach(r -> expected.add(text(r)));
        List<String> unknown =
            rows.stream().map(r -> text(r)).filter(t -> !expected.contains(t)).toList();
        assertEquals(List.of(), unknown, name + " " + part);
      }
    }
  }

  private static String text(Case row) {
    return row.user() + " " + Arrays.toString(row.history()) + " " + row.target();
  }

  @Test
  void rowsWithoutUsersBecomeUsers() throws IOException {
    Dataset steam = released("steam");
    assertEquals(3581, steam.itemCount());
    Split split = new SplitRule.Given().apply(steam, 10);
    assertEquals(1194, split.rows(Part.TEST, Positions.LAST, 0).size());
    assertEquals(1417, split.rows(Part.TEST, Positions.LAST, 0).getFirst().target());
  }

  @Test
  void storedCandidatesMatchTheStoredRows() throws IOException {
    for (String name : List.of("movielens", "lastfm")) {
      Path file = SharedFiles.require("conformance/recommender/" + name + "/candidates.jsonl");
      CandidateFile candidates = CandidateFile.read(file);
      Path rows = SharedFiles.require("data/llara/" + name + "/test.jsonl");
      candidates.requireMatches(CaseFiles.readRows(rows, 5000, 10, 3));
      Path copy = temporary.resolve(name + ".jsonl");
      candidates.write(copy);
      assertEquals(Files.readString(file).strip(), Files.readString(copy).strip());
    }
  }

  @Test
  void movieLensSurvivesItsFolder() throws IOException {
    Dataset dataset = raw("movielens-100k", DatasetFormat.MOVIELENS_100K, true);
    String hash = DatasetFolder.write(dataset, temporary.resolve("ml"));
    Dataset again = DatasetFolder.read(temporary.resolve("ml"));
    assertEquals(hash, DatasetFolder.hash(again));
    assertEquals(dataset.items(), again.items());
    assertEquals(dataset.provenance(), again.provenance());
    assertTrue(again.hasTimes() && again.hasRatings());
  }
}
