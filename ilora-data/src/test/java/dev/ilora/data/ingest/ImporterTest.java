package dev.ilora.data.ingest;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.ilora.data.Case;
import dev.ilora.data.Dataset;
import dev.ilora.data.Item;
import dev.ilora.data.Part;
import dev.ilora.data.Positions;
import dev.ilora.data.Split;
import dev.ilora.data.SplitRule;
import dev.ilora.data.UserSequence;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

class ImporterTest {
  private static final String ITEMS = "item,title,genre\na,Alpha,x|y\nb,\"Beta, or not\",\n";

  @TempDir Path folder;

  private Path write(String name, String... lines) throws IOException {
    return Files.writeString(
        folder.resolve(name), String.join("\n", lines) + "\n", StandardCharsets.ISO_8859_1);
  }

  private String mistake(Executable executable) {
    return ImporterRefusalTest.mistake(folder, executable);
  }

  private static String sequence(Dataset dataset, int user) {
    UserSequence sequence = dataset.users().get(user);
    StringBuilder keys = new StringBuilder(sequence.user() + ":");
    for (int item : sequence.items()) {
      keys.append(' ').append(dataset.items().get(item).key());
    }
    return keys.toString();
  }

  @Test
  void readsCsvWithAMappingQuotesAndDates() throws IOException {
    write("items.csv", "movieId,name,genre", "a,Alpha,x|y", "b,\"Beta, or not\",");
    write("interactions.csv", "userId,movieId,when", "u,b,2024-01-02", "u,a,2024-01-01 12:00:00");
    Columns columns = Columns.parse("user=userId,item=movieId,time=when,key=movieId,title=name");
    ImportOptions options = new ImportOptions().with(columns).withMidnights(true);
    Dataset dataset = Importer.read(folder, DatasetFormat.CSV, options);
    assertEquals(List.of("Alpha", "Beta, or not"), dataset.titles());
    assertEquals(Map.of("genre", "x|y"), dataset.items().get(0).attributes());
    assertEquals(Map.of(), dataset.items().get(1).attributes());
    assertEquals("u: a b", sequence(dataset, 0));
    assertArrayEquals(
        new long[] {1704110400_000_000L, 1704153600_000_000L}, dataset.users().get(0).times());
    assertEquals(0, dataset.users().get(0).ratings().length);
  }

  @Test
  void readsMovieLens1M() throws IOException {
    write(
        "movies.dat",
        "1::City of Lost Children, The (Cité) (1995)::Adventure|Sci-Fi",
        "7::Net, The (1995)::Drama");
    write("ratings.dat", "1::7::5::978300760", "1::1::2::978300759");
    Dataset dataset = Importer.read(folder);
    assertEquals("The City of Lost Children (Cité)", dataset.titles().get(0));
    assertEquals("The Net", dataset.titles().get(1));
    assertEquals("1: 1 7", sequence(dataset, 0));
    assertEquals("ml-1m", dataset.name());
  }

  @Test
  void readsMovieLensCsv() throws IOException {
    write(
        "movies.csv",
        "movieId,title,genres",
        "1,\"Net, The (1995)\",Action|Crime",
        "2,Babylon 5,(no genres listed)");
    write(
        "ratings.csv",
        "userId,movieId,rating,timestamp",
        "9,2,3.5,100",
        "9,1,0.5,100",
        "9,1,4.0,90");
    Dataset dataset =
        Importer.read(folder, DatasetFormat.MOVIELENS_CSV, new ImportOptions().withMinRating(1));
    assertEquals(List.of("The Net", "Babylon 5"), dataset.titles());
    assertEquals(
        Map.of("year", "1995", "genre", "Action|Crime"), dataset.items().get(0).attributes());
    assertEquals(Map.of(), dataset.items().get(1).attributes());
    assertEquals("9: 1 2", sequence(dataset, 0));
    assertEquals("1", dataset.provenance().get("dropped_low_ratings"));
  }

  @Test
  void readsAtomicFilesInTheOrderOfTime() throws IOException {
    write(
        "x.item",
        "item_id:token\tmovie_title:token_seq\tclass:token_seq",
        "a\tAlpha\tc",
        "b\tBeta\td e");
    write(
        "x.inter",
        "user_id:token\titem_id:token\trating:float\ttimestamp:float",
        "u\tb\t4\t1e3",
        "u\ta\t5\t999.5");
    Dataset dataset = Importer.read(folder);
    assertEquals("u: a b", sequence(dataset, 0));
    assertEquals(Map.of("class", "d e"), dataset.items().get(1).attributes());
  }

  @Test
  void readsLastFmTagsAndDropsUnknownArtists() throws IOException {
    write("artists.dat", "id\tname\turl\tpictureURL", "5\tFive\t-\t-", "3\tThree\t-\t-");
    write("tags.dat", "tagID\ttagValue", "1\tpop", "2\tmetal");
    write(
        "user_taggedartists.dat",
        "userID\tartistID\ttagID\tday\tmonth\tyear",
        "2\t5\t1\t1\t4\t2009",
        "2\t3\t2\t1\t3\t2009",
        "2\t5\t2\t1\t2\t2009",
        "2\t5\t2\t1\t2\t2010",
        "2\t9\t2\t1\t2\t2010");
    Dataset dataset = Importer.read(folder);
    assertEquals("2: 5 3", sequence(dataset, 0));
    assertEquals("metal|pop", dataset.items().get(0).attributes().get("tags"));
    assertEquals("1", dataset.provenance().get("dropped_unknown_items"));
    ImportOptions byItem =
        ImportOptions.defaults(DatasetFormat.LASTFM).with(ImportOptions.Order.ITEM);
    Dataset ordered = Importer.read(folder, DatasetFormat.LASTFM, byItem);
    assertEquals(1238544000_000_000L, ordered.users().get(0).times()[0]);
  }

  @Test
  void ordersAndBreaksTiesAsAsked() throws IOException {
    Files.writeString(folder.resolve("items.csv"), "item,title\na,A\nb,B\nc,C\n");
    write("interactions.csv", "user,item,time", "u,c,5", "u,b,5", "u,a,9", "u,b,1");
    assertEquals("u: b c b a", sequence(read(new ImportOptions()), 0));
    assertEquals(
        "u: b b c a", sequence(read(new ImportOptions().with(ImportOptions.Ties.ITEM)), 0));
    assertEquals(
        "u: a b b c", sequence(read(new ImportOptions().with(ImportOptions.Order.ITEM)), 0));
    assertEquals(
        "u: c b a b", sequence(read(new ImportOptions().with(ImportOptions.Order.FILE)), 0));
    Dataset appearing = read(new ImportOptions().with(ImportOptions.Numbering.APPEARANCE));
    assertEquals(List.of("B", "C", "A"), appearing.titles());
    assertEquals("u: b c b a", sequence(appearing, 0));
  }

  private Dataset read(ImportOptions options) throws IOException {
    return Importer.read(folder, DatasetFormat.CSV, options);
  }

  @Test
  void coreFiltersOnceOrUntilNothingChanges() throws IOException {
    Files.writeString(folder.resolve("items.csv"), "item,title\na,A\nb,B\nc,C\nd,D\n");
    // c has two users, one of whom falls away for having one item left, and with him c's support.
    write("interactions.csv", "user,item", "u,a", "u,b", "u,c", "v,a", "v,b", "w,c", "w,d");
    Dataset once = read(new ImportOptions().withCore(2, 2, false));
    assertEquals(List.of("A", "B", "C"), once.titles());
    assertEquals("u: a b c", sequence(once, 0));
    Dataset core = read(new ImportOptions().withCore(2, 2, true));
    assertEquals(List.of("A", "B"), core.titles());
    assertEquals("u: a b", sequence(core, 0));
    assertEquals(2, core.users().size());
    assertEquals(
        "DIR: empty dataset: none of 7 interactions is left by user core 9 and item core 2",
        mistake(() -> read(new ImportOptions().withCore(9, 2, true))));
  }

  @Test
  void readsAtomicFilesWithAMapping() throws IOException {
    write("x.item", "id:token\ttitle:token\tlong:token_seq", "a\tA\tAlpha", "b\tB\tBeta");
    write("x.inter", "who:token\titem_id:token\tstars:float", "u\tb\t4", "u\ta\t1");
    ImportOptions options =
        new ImportOptions()
            .withMinRating(2)
            .with(Columns.parse("user=who,rating=stars,key=id,title=long"));
    Dataset dataset = Importer.read(folder, DatasetFormat.RECBOLE, options);
    assertEquals(List.of("Alpha", "Beta"), dataset.titles());
    assertEquals(Map.of("title", "A"), dataset.items().getFirst().attributes());
    assertEquals("u: b", sequence(dataset, 0));
    assertEquals(
        "x.item:1: missing column 'name2'; found: id, title, long; name it with --columns"
            + " title=COLUMN",
        mistake(
            () ->
                Importer.read(
                    folder,
                    DatasetFormat.RECBOLE,
                    options.with(Columns.parse("key=id,title=name2")))));
  }

  @Test
  void columnsThatAreNamedAreTheOnesReadWhateverTheirName() throws IOException {
    write("x.item", "item_id:token\ttitle:token", "a\tA", "b\tB");
    write("x.inter", "user:token\titem_id:token\ttime:float", "u\tb\t4", "u\ta\t1");
    ImportOptions named = new ImportOptions().with(Columns.parse("user=user,time=time"));
    Dataset dataset = Importer.read(folder, DatasetFormat.RECBOLE, named);
    assertEquals("u: a b", sequence(dataset, 0));
    Files.writeString(folder.resolve("items.csv"), ITEMS);
    write("interactions.csv", "user,item", "u,a");
    assertEquals(
        "interactions.csv:1: missing column 'time'; found: user, item; name it with --columns"
            + " time=COLUMN",
        mistake(() -> read(new ImportOptions().with(Columns.parse("time=time")))));
  }

  @Test
  void whatHasNoTimesIsRecordedInTheOrderOfItsFile() throws IOException {
    Files.writeString(folder.resolve("items.csv"), ITEMS);
    write("interactions.csv", "user,item", "u,b", "u,a");
    assertEquals("u: b a", sequence(read(new ImportOptions()), 0));
    assertEquals("file", read(new ImportOptions()).provenance().get("order"));
    write("interactions.csv", "user,item,time", "u,b,2", "u,a,1");
    assertEquals("u: a b", sequence(read(new ImportOptions()), 0));
    assertEquals("time", read(new ImportOptions()).provenance().get("order"));
  }

  @Test
  void sequencesWithoutTimesAreLeftOneOut() throws IOException {
    write(
        "items.tsv",
        "id\tasin\tkeywords_not_title",
        "0\tB0\tred  cup",
        "1\tB1\tblue cup",
        "2\tB2\tmug");
    write(
        "users.jsonl", "{\"user\":\"A1\",\"items\":[2,0,1]}", "{\"user\":\"A2\",\"items\":[1,2]}");
    assertEquals(DatasetFormat.SEQUENCES, DatasetFormat.detect(folder));
    Dataset dataset = Importer.read(folder);
    assertEquals(List.of("red cup", "blue cup", "mug"), dataset.titles());
    assertEquals(List.of("B0", "B1", "B2"), dataset.items().stream().map(Item::key).toList());
    assertArrayEquals(new int[] {2, 0, 1}, dataset.users().getFirst().items());
    assertFalse(dataset.hasTimes());
    assertEquals(new SplitRule.LeaveOneOut(), SplitRule.usual(dataset));
    Split split = new SplitRule.LeaveOneOut().apply(dataset, 10);
    assertEquals(
        List.of(1), split.rows(Part.TEST, Positions.EVERY, 1).stream().map(Case::target).toList());
    assertEquals(
        List.of(0), split.rows(Part.VALID, Positions.EVERY, 1).stream().map(Case::target).toList());
  }

  @Test
  void titlesCanBeCutToTheirFirstWords() throws IOException {
    write("items.tsv", "id\tkeywords_not_title", "0\tred  big  cup", "1\tmug");
    write("users.jsonl", "{\"user\":\"A1\",\"items\":[0,1]}");
    ImportOptions options = new ImportOptions().withTitleWords(2);
    Dataset dataset = Importer.read(folder, DatasetFormat.SEQUENCES, options);
    assertEquals(List.of("red big", "mug"), dataset.titles());
    assertEquals("2", dataset.provenance().get("title_words"));
    assertThrows(IllegalArgumentException.class, () -> new ImportOptions().withTitleWords(-1));
  }
}
