package dev.ilora.data.ingest;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.ilora.BadInputException;
import dev.ilora.data.Case;
import dev.ilora.data.Dataset;
import dev.ilora.data.DatasetFormat;
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
    String message = assertThrows(BadInputException.class, executable).getMessage();
    return message.replace(folder + "/", "").replace(folder.toString(), "DIR");
  }

  private String mistake() {
    return mistake(() -> Importer.read(folder));
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
    write("interactions.csv", "userId,movieId,when", "u,b,2024-01-02", "u,a,2024-01-01T12:00:00Z");
    CsvColumns columns =
        CsvColumns.parse("user=userId,item=movieId,time=when,key=movieId,title=name");
    Dataset dataset = Importer.read(folder, DatasetFormat.CSV, new ImportOptions().with(columns));
    assertEquals(List.of("Alpha", "Beta, or not"), dataset.titles());
    assertEquals(Map.of("genre", "x|y"), dataset.items().get(0).attributes());
    assertEquals(Map.of(), dataset.items().get(1).attributes());
    assertEquals("u: a b", sequence(dataset, 0));
    assertArrayEquals(new long[] {1704110400, 1704153600}, dataset.users().get(0).times());
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
    assertEquals("City of Lost Children, The (Cité)", dataset.titles().get(0));
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
    assertEquals(1238544000L, ordered.users().get(0).times()[0]);
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
  void namesWhatItLookedForInAnUnknownFolder() throws IOException {
    write("notes.txt", "hello");
    assertEquals(
        "DIR: no known format; looked for movielens-100k (u.data and u.item), movielens-1m"
            + " (ratings.dat and movies.dat), movielens-csv (ratings.csv and movies.csv), lastfm"
            + " (user_taggedartists.dat and artists.dat), llara (items.tsv and test.jsonl),"
            + " sequences (items.tsv and users.jsonl), recbole (*.inter and *.item), csv"
            + " (interactions.csv and items.csv); found: notes.txt",
        mistake());
    assertEquals(
        "DIR: not lastfm: missing user_taggedartists.dat and artists.dat",
        mistake(() -> Importer.read(folder, DatasetFormat.LASTFM, new ImportOptions())));
    assertEquals("gone: not a folder", mistake(() -> Importer.read(folder.resolve("gone"))));
  }

  @Test
  void refusesMissingColumns() throws IOException {
    write("items.csv", "item,name", "a,Alpha");
    write("interactions.csv", "user,item", "u,a");
    assertEquals("items.csv:1: missing column 'title'; found: item, name", mistake());
    Files.writeString(folder.resolve("items.csv"), ITEMS);
    write("interactions.csv", "who,item", "u,a");
    assertEquals("interactions.csv:1: missing column 'user'; found: who, item", mistake());
    write("interactions.csv");
    Files.writeString(folder.resolve("interactions.csv"), "");
    assertEquals("interactions.csv: empty file", mistake());
  }

  @Test
  void refusesLinesItCannotRead() throws IOException {
    Files.writeString(folder.resolve("items.csv"), ITEMS);
    write("interactions.csv", "user,item,rating,time", "u,a,5,1", "u,b,good,2");
    assertEquals("interactions.csv:3: rating is not a number: 'good': u,b,good,2", mistake());
    write("interactions.csv", "user,item,rating,time", "u,a,5,soon");
    assertEquals("interactions.csv:2: time is not a time: 'soon': u,a,5,soon", mistake());
    write("interactions.csv", "user,item,rating,time", "u,a,NaN,1");
    assertEquals("interactions.csv:2: rating is not finite: 'NaN': u,a,NaN,1", mistake());
    write("interactions.csv", "user,item,rating,time", "u,a,5");
    assertEquals("interactions.csv:2: expected 4 cells, found 3: u,a,5", mistake());
    write("interactions.csv", "user,item,rating,time", " ,a,5,1");
    assertEquals("interactions.csv:2: blank user:  ,a,5,1", mistake());
    write("interactions.csv", "user,item,rating,time", "u,z,5,1");
    assertEquals("interactions.csv:2: unknown item z: u,z,5,1", mistake());
  }

  @Test
  void readsAtomicFilesWithAMapping() throws IOException {
    write("x.item", "id:token\ttitle:token\tlong:token_seq", "a\tA\tAlpha", "b\tB\tBeta");
    write("x.inter", "who:token\titem_id:token\tstars:float", "u\tb\t4", "u\ta\t1");
    ImportOptions options =
        new ImportOptions()
            .withMinRating(2)
            .with(CsvColumns.parse("user=who,rating=stars,key=id,title=long"));
    Dataset dataset = Importer.read(folder, DatasetFormat.RECBOLE, options);
    assertEquals(List.of("Alpha", "Beta"), dataset.titles());
    assertEquals(Map.of("title", "A"), dataset.items().getFirst().attributes());
    assertEquals("u: b", sequence(dataset, 0));
    assertEquals(
        "x.item:1: missing column 'name2': id:token\ttitle:token\tlong:token_seq",
        mistake(
            () ->
                Importer.read(
                    folder,
                    DatasetFormat.RECBOLE,
                    options.with(CsvColumns.parse("key=id,title=name2")))));
  }

  @Test
  void columnsThatAreNamedAreTheOnesReadWhateverTheirName() throws IOException {
    write("x.item", "item_id:token\ttitle:token", "a\tA", "b\tB");
    write("x.inter", "user:token\titem_id:token\ttime:float", "u\tb\t4", "u\ta\t1");
    ImportOptions named = new ImportOptions().with(CsvColumns.parse("user=user,time=time"));
    Dataset dataset = Importer.read(folder, DatasetFormat.RECBOLE, named);
    assertEquals("u: a b", sequence(dataset, 0));
    Files.writeString(folder.resolve("items.csv"), ITEMS);
    write("interactions.csv", "user,item", "u,a");
    assertEquals(
        "interactions.csv:1: missing column 'time'; found: user, item",
        mistake(() -> read(new ImportOptions().with(CsvColumns.parse("time=time")))));
  }

  @Test
  void refusesOptionsThatWouldHaveNoEffect() throws IOException {
    Files.writeString(folder.resolve("items.csv"), ITEMS);
    write("interactions.csv", "user,item,ts", "u,a,2", "u,b,1");
    assertEquals(
        "DIR: has no ratings to drop those below 4.0",
        mistake(() -> read(new ImportOptions().withMinRating(4))));
    assertEquals(
        "interactions.csv:1: missing column 'tss'; found: user, item, ts",
        mistake(() -> read(new ImportOptions().with(CsvColumns.parse("time=tss")))));
    assertEquals(
        "DIR: has no times that could tie",
        mistake(() -> read(new ImportOptions().with(ImportOptions.Ties.ITEM))));
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
  void refusesColumnsThatCouldNotBeReadBack() throws IOException {
    write("interactions.csv", "user,item", "u,a");
    write("items.csv", ",item,title", "0,a,Alpha");
    assertEquals(
        "items.csv:2: a column is named ''; expected a name without a colon: 0,a,Alpha", mistake());
    write("items.csv", "item,title,imdb:id", "a,Alpha,tt1");
    assertEquals(
        "items.csv:2: a column is named 'imdb:id'; expected a name without a colon: a,Alpha,tt1",
        mistake());
    Files.delete(folder.resolve("items.csv"));
    write("items.tsv", "id\ttitle\ta:b", "0\tA\tc");
    write("users.jsonl", "{\"user\":\"A1\",\"items\":[0]}");
    assertEquals(
        "items.tsv:2: a column is named 'a:b'; expected a name without a colon", mistake());
  }

  @Test
  void refusesBadItems() throws IOException {
    write("interactions.csv", "user,item", "u,a");
    write("items.csv", "item,title", "a,Alpha", "b, ");
    assertEquals("items.csv:3: item b has no title: b, ", mistake());
    write("items.csv", "item,title", "a,Alpha", "a,Beta");
    assertEquals("items.csv:3: item a is given twice: a,Beta", mistake());
    write("items.csv", "item,title", ",Alpha");
    assertEquals("items.csv:2: item 0 has a blank key: ,Alpha", mistake());
  }

  @Test
  void refusesEmptyDatasets() throws IOException {
    Files.writeString(folder.resolve("items.csv"), ITEMS);
    write("interactions.csv", "user,item,rating");
    assertEquals("DIR: empty dataset: no interactions", mistake());
    write("interactions.csv", "user,item,rating", "u,a,2");
    assertEquals(
        "DIR: empty dataset: no interactions with a rating of at least 3.0",
        mistake(() -> read(new ImportOptions().withMinRating(3))));
  }

  @Test
  void refusesBadMovieLensLines() throws IOException {
    write("u.item", "1|Toy Story (1995)|01-Jan-1995");
    write("u.data", "1\t1\t5\t874965758");
    assertEquals("u.item:1: expected 24 cells, found 3: 1|Toy Story (1995)|01-Jan-1995", mistake());
    write("u.item", "1|Toy Story (1995)|||" + "|0".repeat(18) + "|1");
    write("u.data", "1\t1\t5\t874965758", "1 1 5 874965758");
    assertEquals("u.data:2: expected 4 cells, found 1: 1 1 5 874965758", mistake());
    write("u.data", "1\t2\t5\t874965758");
    assertEquals("u.data:1: unknown item 2: 1\t2\t5\t874965758", mistake());
  }

  @Test
  void refusesBadAtomicFiles() throws IOException {
    write("x.item", "item_id\ttitle", "a\tAlpha");
    write("x.inter", "user_id:token\tmovie:token", "u\ta");
    assertEquals(
        "x.item:1: expected a header of name:type cells, found 'item_id': item_id\ttitle",
        mistake());
    write("x.item", "item_id:token\tlabel:token", "a\tAlpha");
    assertEquals(
        "x.item:1: missing a title column, one of title, movie_title, item_name, product_name,"
            + " app_name, name: item_id:token\tlabel:token",
        mistake());
    write("x.item", "item_id:token\ttitle:token_seq", "a\tAlpha");
    assertEquals("x.inter:1: missing column 'item_id': user_id:token\tmovie:token", mistake());
  }

  @Test
  void refusesBadLastFmFiles() throws IOException {
    write("artists.dat", "id\tname\turl\tpictureURL", "5\tFive\t-\t-");
    write("user_taggedartists.dat", "userID\tartistID\ttagID\tday\tmonth", "2\t5\t1\t1\t4");
    assertEquals(
        "user_taggedartists.dat:1: missing column 'year': userID\tartistID\ttagID\tday\tmonth",
        mistake());
    write(
        "user_taggedartists.dat",
        "userID\tartistID\ttagID\tday\tmonth\tyear",
        "2\t5\t1\t31\t2\t2009");
    assertEquals("user_taggedartists.dat:2: not a date: 2\t5\t1\t31\t2\t2009", mistake());
  }

  @Test
  void refusesBadGivenSplits() throws IOException {
    write("items.tsv", "id\ttitle", "0\tA", "1\tB");
    write("test.jsonl", "{\"history\":[0],\"next\":2}");
    write("valid.jsonl", "{\"history\":[0],\"next\":1}");
    assertEquals("DIR: expected one file train*.jsonl, found 0", mistake());
    write("train.jsonl", "{\"history\":[0],\"next\":\"x\"}");
    assertEquals("train.jsonl:1: field 'next' must be an integer, not \"x\"", mistake());
    write("train.jsonl", "{\"history\":[0]}");
    assertEquals("train.jsonl:1: field 'next' is missing: {\"history\":[0]}", mistake());
    write("train.jsonl", "{\"history\":[0],");
    assertEquals("train.jsonl:1: not a JSON object: {\"history\":[0],", mistake());
    write("train.jsonl", "{\"history\":[0],\"next\":1}");
    assertEquals("test.jsonl:1: item 2 is outside 0 .. 1", mistake());
    write("users.jsonl", "{\"user\":1,\"items\":[0]}");
    assertEquals("users.jsonl:1: field 'split' is missing: {\"user\":1,\"items\":[0]}", mistake());
    write("users.jsonl", "{\"user\":1,\"split\":\"dev\",\"items\":[0]}");
    assertEquals("users.jsonl:1: split must be train, valid or test, not 'dev'", mistake());
    write("users.jsonl", "{\"user\":1,\"split\":\"test\",\"items\":[0],\"ts\":[1,2]}");
    assertEquals("users.jsonl:1: user 1 has 1 items, 1 ratings and 2 times", mistake());
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

  @Test
  void refusesBadSequences() throws IOException {
    write("items.tsv", "id\tkeywords_not_title", "0\tcup", "1\tmug");
    write("users.jsonl", "{\"user\":\"A1\",\"items\":[0,2]}");
    assertEquals("users.jsonl:1: item 2 is outside 0 .. 1", mistake());
    write("users.jsonl", "{\"user\":\"A1\",\"items\":[0]}", "{\"user\":\"A1\",\"items\":[1]}");
    assertEquals("users.jsonl:2: user A1 is given twice", mistake());
    write("users.jsonl", "{\"user\":\"A1\"}");
    assertEquals("users.jsonl:1: field 'items' is missing: {\"user\":\"A1\"}", mistake());
  }
}
