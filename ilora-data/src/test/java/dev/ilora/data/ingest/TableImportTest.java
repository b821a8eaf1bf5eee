package dev.ilora.data.ingest;

import static dev.ilora.data.ingest.RawFolder.sequences;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ilora.data.Dataset;
import dev.ilora.data.Item;
import dev.ilora.data.MissingTitles;
import dev.ilora.data.TextForm;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tables of one's own are read as they are meant, or refused at their place. */
class TableImportTest {
  private static final String[] ITEMS = {"item,title", "i1,Alpha", "i2,Beta", "i3,Gamma"};

  @TempDir Path path;
  private RawFolder folder;

  @BeforeEach
  void open() throws IOException {
    folder = new RawFolder(path).write("items.csv", ITEMS);
  }

  private static TextForm form(Charset encoding) {
    return new TextForm(encoding, Optional.empty());
  }

  @Test
  void theSeparatorIsFoundAndCanBeSaid() throws IOException {
    for (String separator : List.of(",", ";", "\t", "|")) {
      folder.write(
          "interactions.csv",
          "user,item,time".replace(",", separator),
          "\"u,1\",i2,2".replace(",i", separator + "i").replace(",2", separator + "2"),
          "\"u,1\",i1,1"
              .replace(",i", separator + "i")
              .replace(",1\"", ",1\"")
              .replace("1,1", "1" + separator + "1"));
      assertEquals(List.of("u,1: i1 i2"), sequences(folder.read()), separator);
    }
    folder.write("interactions.csv", "user~item", "u~i1");
    assertEquals(
        "interactions.csv:1: missing a column for the user and a column for the item; found:"
            + " user~item; name them with --columns user=COLUMN,item=COLUMN; the header is one"
            + " cell: --separator '~' parts it",
        folder.mistake());
    folder.write("interactions.csv", "user::item", "u::i1");
    assertTrue(folder.mistake().endsWith("write one character in place of '::'"));
    folder.write("interactions.csv", "sep=;", "user;item", "u;i1");
    assertEquals(List.of("u: i1"), sequences(folder.read()));
    folder.write("interactions.csv", "user~item", "u~i1");
    TextForm tildes = new TextForm(StandardCharsets.UTF_8, Optional.of('~'));
    Files.delete(path.resolve("items.csv"));
    assertEquals(List.of("u: i1"), sequences(folder.read(new ImportOptions().with(tildes))));
  }

  @Test
  void columnsAreRecognisedWithoutRegardToCaseAccentsAndSigns() throws IOException {
    for (String header :
        List.of(
            "user_id,item_id,Timestamp",
            "userId,itemId,ts",
            "\"User ID\",\"Item ID\",Date",
            "UID,movie-id,unixReviewTime",
            "ÜSER,Itèm,time")) {
      folder.write("interactions.csv", header, "u,i2,20", "u,i1,10");
      assertEquals(List.of("u: i1 i2"), sequences(folder.read()), header);
    }
    assertEquals(
        "interactions.csv: user=ÜSER, item=Itèm, time=time",
        folder.read().provenance().get("interactions"));
  }

  @Test
  void aColumnThatCouldBeEitherIsAskedFor() throws IOException {
    folder.write("interactions.csv", "userId,user_id,item", "u,v,i1");
    assertEquals(
        "interactions.csv:1: several columns could be the user: userId, user_id; name one with"
            + " --columns user=COLUMN",
        folder.mistake());
    ImportOptions named = new ImportOptions().with(Columns.parse("user=user_id"));
    assertEquals(List.of("v: i1"), sequences(folder.read(named)));
    folder.write("interactions.csv", "user,item,user", "u,i1,v");
    assertEquals("interactions.csv:1: column 'user' is given twice", folder.mistake());
  }

  @Test
  void columnsOfRowNumbersAreLeftOut() throws IOException {
    for (String index : List.of("", "Unnamed: 0", "__index_level_0__")) {
      folder.write("items.csv", index + ",item,title,genre", "0,i1,Alpha,x", "1,i2,Beta,y");
      folder.write("interactions.csv", index + ",user,item", "0,u,i1", "1,u,i2");
      Dataset dataset = folder.read();
      assertEquals(List.of("u: i1 i2"), sequences(dataset));
      assertEquals(Map.of("genre", "x"), dataset.items().getFirst().attributes());
      assertEquals(
          "items.csv: key=item, title=title; kept as attributes: genre; left out: a column of row"
              + " numbers",
          dataset.provenance().get("items"));
    }
  }

  @Test
  void namesOfAttributesCanBeReadBack() throws IOException {
    folder.write("items.csv", "item,title,imdb:id,Categories", "i1,Alpha,tt1,a|b");
    folder.write("interactions.csv", "user,item", "u,i1");
    assertEquals(
        Map.of("imdb_id", "tt1", "categories", "a|b"),
        folder.read().items().getFirst().attributes());
  }

  @Test
  void aColumnThatLooksLikeATimeAndIsNotUsedIsSaid() throws IOException {
    for (String time : List.of("1700000000", "1700000000123", "2024-03-18 20:37:00")) {
      folder.write("interactions.csv", "user,item,seen", "u,i1," + time);
      assertEquals(
          "column 'seen' of interactions.csv looks like a time and is not used; --columns time=seen"
              + " uses it",
          folder.read().provenance().get("unused_time"));
    }
    folder.write("interactions.csv", "user,item,price", "u,i1,1999");
    assertFalse(folder.read().provenance().containsKey("unused_time"));
    folder.write("interactions.csv", "user,item,time", "u,i1,1700000000");
    ImportOptions without = new ImportOptions().with(Columns.parse("time="));
    assertFalse(folder.read(without).provenance().containsKey("unused_time"));
    assertFalse(folder.read(without).hasTimes());
  }

  @Test
  void aQuoteThatIsNeverClosedIsRefusedWhereItOpens() throws IOException {
    folder.write("interactions.csv", "user,item,note", "u,i1,x", "u,i2,\"y", "v,i1,z", "v,i2,z");
    assertEquals("interactions.csv:3: a quote opens here and is never closed", folder.mistake());
    folder.write("interactions.csv", "user,item", "u,i1");
    folder.write("items.csv", "item,title", "i1,Alpha", "i2,\"Beta", "i3,Gamma");
    assertEquals("items.csv:3: a quote opens here and is never closed", folder.mistake());
    folder.write("items.csv", "item,title", "i1,\"Alpha", "i2,\"Beta\"", "i3,Gamma");
    assertEquals(
        "items.csv:2: the quoted cell that opens here ends in line 3 before 'B'; expected a"
            + " separator after the closing quote (a quote inside a cell is written twice)",
        folder.mistake());
    folder.write("items.csv", "item,title", "i1,\"Al\"\"pha\n, too\"", "i2,5\" disc", "i3,\"\"");
    ImportOptions keys = new ImportOptions().with(MissingTitles.KEY);
    assertEquals(List.of("Al\"pha , too", "5\" disc", "i3"), folder.read(keys).titles());
  }

  @Test
  void bytesOfAnotherEncodingAreRefusedAtTheirPlace() throws IOException {
    folder.write(StandardCharsets.ISO_8859_1, "interactions.csv", "user,item", "é,i1", "è,i2");
    assertEquals(
        "interactions.csv:2: byte 0xE9 at position 10 of the file is not UTF-8 text; save the file"
            + " as UTF-8, or name its encoding: --encoding windows-1252 or another",
        folder.mistake());
    ImportOptions latin = new ImportOptions().with(form(StandardCharsets.ISO_8859_1));
    assertEquals(List.of("é: i1", "è: i2"), sequences(folder.read(latin)));
    folder.write(StandardCharsets.ISO_8859_1, "items.csv", "item,title", "i1,Café", "i2,B");
    folder.write("interactions.csv", "user,item", "u,i1");
    assertTrue(folder.mistake().startsWith("items.csv:2: byte 0xE9 at position 17"));
    assertEquals("Café", folder.read(latin).titles().getFirst());
    assertThrows(IllegalArgumentException.class, () -> TextForm.encoding("latin-99"));
  }

  @Test
  void byteOrderMarksAndBlankLastLinesAreLeftOut() throws IOException {
    folder.write("items.csv", "\uFEFFitem,title", "i1,Alpha", "", ",", "   ");
    folder.write("interactions.csv", "\uFEFFuser,item", "u,i1", "", " , ");
    assertEquals(List.of("u: i1"), sequences(folder.read()));
    folder.write(StandardCharsets.UTF_16LE, "interactions.csv", "\uFEFFuser,item", "ü,i1");
    assertEquals(List.of("ü: i1"), sequences(folder.read()));
  }

  @Test
  void keysKeepEveryCharacterOrAreRefused() throws IOException {
    folder.write(
        "interactions.csv", "user,item", "Ü,i1", "ü,i1", "u\u0308,i1", "u,i1", "u\u00A0,i1");
    assertEquals(5, folder.read().users().size());
    folder.write("interactions.csv", "user,item", "\"u\t1\",i1");
    assertEquals(
        "interactions.csv:2: the key of user 'u\uFFFD1' has the character U+0009; expected a key"
            + " without tabs, line breaks and other control characters",
        folder.mistake());
    folder.write("items.csv", "item,title", "\"i\n1\",Alpha");
    assertEquals(
        "items.csv:2: the key of item 'i\uFFFD1' has the character U+000A; expected a key without"
            + " tabs, line breaks and other control characters",
        folder.mistake());
    folder.write("items.csv", ITEMS).write("interactions.csv", "user,item", "u , i1", "v, i2");
    assertEquals(List.of("u: i1", "v: i2"), sequences(folder.read()));
    for (String[] pair : new String[][] {{"u ", "u"}, {"u", " u"}, {" u", "u "}}) {
      folder.write("interactions.csv", "user,item", pair[0] + ",i1", pair[1] + ",i2");
      assertEquals(
          "interactions.csv:3: user '%s' and user '%s' differ only in white space around them; expected one of the two"
              .formatted(pair[1], pair[0]),
          folder.mistake());
    }
  }

  @Test
  void titlesAreFreeOfControlCharacters() throws IOException {
    folder.write("items.csv", "item,title", "i1,\"Al\u001B[31mpha\n\tBeta\u2028\"");
    folder.write("interactions.csv", "user,item", "u,i1");
    assertEquals(List.of("Al [31mpha Beta"), folder.read().titles());
  }

  @Test
  void aTableOfItemsIsOptional() throws IOException {
    Files.delete(path.resolve("items.csv"));
    folder.write("interactions.csv", "user,item", "u,i2", "u,i1");
    Dataset dataset = folder.read();
    assertEquals(List.of("i2", "i1"), dataset.titles());
    assertEquals(List.of("u: i2 i1"), sequences(dataset));
    folder.write("interactions.csv", "user,item,title", "u,i2,Beta", "u,i1,", "v,i2,Other");
    assertEquals(List.of("Beta", "i1"), folder.read().titles());
    folder.write("items.csv", "item,price", "i1,3", "i2,4");
    assertEquals(List.of("i1", "i2"), folder.read().titles());
    assertEquals(Map.of("price", "3"), folder.read().items().getFirst().attributes());
  }

  @Test
  void itemsWithoutATitleAreRefusedNamedByTheirKeyOrDropped() throws IOException {
    folder.write("items.csv", "item,title", "i1,Alpha", "i2, ");
    folder.write("interactions.csv", "user,item", "u,i1", "u,i2", "v,i2");
    assertEquals(
        "items.csv:3: item 'i2' has no title; --missing-titles key takes its key, --missing-titles"
            + " drop leaves it out",
        folder.mistake());
    Dataset keys = folder.read(new ImportOptions().with(MissingTitles.KEY));
    assertEquals(List.of("Alpha", "i2"), keys.titles());
    assertEquals("1", keys.provenance().get("keys_as_titles"));
    Dataset dropped = folder.read(new ImportOptions().with(MissingTitles.DROP));
    assertEquals(List.of("u: i1"), sequences(dropped));
    assertEquals("1", dropped.provenance().get("dropped_untitled_items"));
    assertEquals("2", dropped.provenance().get("dropped_of_untitled_items"));
  }

  @Test
  void duplicatesAreDroppedAndCountedOnlyIfAsked() throws IOException {
    folder.write(
        "interactions.csv", "user,item,time", "u,i1,1", "u,i2,1", "u,i1,1", "u,i1,2", "v,i1,1");
    assertEquals(5, folder.read().interactionCount());
    ImportOptions dropping =
        new ImportOptions().with(ImportOptions.Ties.FILE).withDuplicatesDropped(true);
    Dataset dataset = folder.read(dropping);
    assertEquals(List.of("u: i1 i2 i1", "v: i1"), sequences(dataset));
    assertEquals("1", dataset.provenance().get("dropped_duplicates"));
    folder.write("interactions.csv", "user,item", "u,i1", "u,i1", "u,i2", "u,i1");
    assertEquals(List.of("u: i1 i2 i1"), sequences(folder.read(dropping)));
  }

  @Test
  void filesAreRecognisedByTheirColumns() throws IOException {
    Files.delete(path.resolve("items.csv"));
    folder.write("clicks.tsv", "visitor\tsku\tseen", "v\tp1\t2", "v\tp2\t1");
    folder.write(
        "products.jsonl", "{\"id\":\"p1\",\"name\":\"Cup\"}", "{\"id\":\"p2\",\"name\":\"Mug\"}");
    folder.write("readme.txt", "bought in 2024");
    Dataset dataset = folder.read(new ImportOptions().with(Columns.parse("time=seen")));
    assertEquals(List.of("v: p2 p1"), sequences(dataset));
    assertEquals(List.of("Cup", "Mug"), dataset.titles());
    Dataset alone =
        Importer.read(path.resolve("clicks.tsv"), DatasetFormat.CSV, new ImportOptions());
    assertEquals(List.of("p1", "p2"), alone.titles());
    folder.write("more.csv", "user,item", "u,p1");
    assertEquals(
        "DIR: several files have columns for users and items: clicks.tsv, more.csv; name one"
            + " interactions.csv, or give the file itself",
        folder.mistake());
  }

  @Test
  void jsonLinesAreTables() throws IOException {
    Files.delete(path.resolve("items.csv"));
    folder.write(
        "items.jsonl",
        "{\"item\":7,\"title\":\"Al\",\"tags\":[\"a\",\"b\"],\"none\":null}",
        "{\"item\":8,\"title\":\"B\",\"year\":1999}");
    folder.write(
        "interactions.jsonl",
        "{\"user\":1,\"item\":8,\"time\":1700000001.5}",
        "{\"time\":1700000001.25,\"user\":1,\"item\":7}");
    Dataset dataset = folder.read();
    assertEquals(List.of("1: 7 8"), sequences(dataset));
    assertEquals(Map.of("tags", "a|b"), dataset.items().get(0).attributes());
    assertEquals(Map.of("year", "1999"), dataset.items().get(1).attributes());
    folder.write("interactions.jsonl", "{\"user\":1,\"item\":8}", "[1]");
    assertEquals("interactions.jsonl:2: not a JSON object: [1]", folder.mistake());
  }

  @Test
  void mistakesOfAKindAreSaidThreeTimesAndCounted() throws IOException {
    String[] lines = new String[31];
    lines[0] = "user,item,rating";
    for (int i = 1; i < lines.length; i++) {
      lines[i] = i % 3 == 0 ? "u,zz,1" : i % 3 == 1 ? "u,i1,bad" : "u,i1,1";
    }
    folder.write("interactions.csv", lines);
    String[] said = folder.mistake().split("\n");
    assertEquals("20 mistakes:", said[0]);
    assertEquals(9, said.length);
    assertTrue(said[1].startsWith("  interactions.csv:2: column 'rating': 'bad' is not"), said[1]);
    assertTrue(said[2].startsWith("  interactions.csv:4: unknown item 'zz'; expected"), said[2]);
    assertEquals("  7 more like that of line 8, up to line 29", said[7]);
    lines[2] = "u";
    lines[5] = "u,i1,1,2";
    folder.write("interactions.csv", lines);
    said = folder.mistake().split("\n");
    assertEquals("22 mistakes:", said[0]);
    assertEquals("  interactions.csv:3: expected 3 cells, found 1: u", said[2]);
    assertEquals(
        "  interactions.csv:6: expected 3 cells, found 4 (a cell with the separator in it must"
            + " stand in quotes): u,i1,1,2",
        said[5]);
  }

  @Test
  void whatIsNotUsedIsSaid() throws IOException {
    folder.write("interactions.csv", "user,user_name,item,userid,page", "u,x,i1,y,3");
    folder.write("prices.csv", "what,price", "i1,3").write(".hidden", "");
    Map<String, String> said = folder.read().provenance();
    assertEquals(
        "interactions.csv: user=user, item=item; not used: user_name, userid, page",
        said.get("interactions"));
    assertEquals("user_name (user), userid (user)", said.get("interaction_alternatives"));
    assertEquals("prices.csv", said.get("unused_files"));
    assertFalse(said.containsKey("titles"));
    ImportOptions named = new ImportOptions().with(Columns.parse("user=user"));
    assertFalse(folder.read(named).provenance().containsKey("interaction_alternatives"));
    Files.delete(path.resolve("items.csv"));
    assertEquals(
        "none found, the keys stand for them; --columns title=COLUMN names their column",
        folder.read().provenance().get("titles"));
  }

  @Test
  void aSecondColumnOfTimesIsSaid() throws IOException {
    folder.write(
        "interactions.csv", "user,item,created_at,timestamp", "u,i1,1700000300,1699999700");
    assertEquals(
        "column 'created_at' of interactions.csv looks like a time and is not used; --columns"
            + " time=created_at uses it in place of 'timestamp'",
        folder.read().provenance().get("unused_time"));
    ImportOptions named = new ImportOptions().with(Columns.parse("time=timestamp"));
    assertFalse(folder.read(named).provenance().containsKey("unused_time"));
  }

  @Test
  void otherTitlesOfAnItemAreCounted() throws IOException {
    Files.delete(path.resolve("items.csv"));
    folder.write(
        "interactions.csv", "user,item,title", "u,a,A ", "v,a,A", "v,a,", "w,a,B", "w,a,C");
    assertEquals(
        "2 lines have another title than the first one of their item, which stands; the"
            + " first: 'B' (line 5) for item a, whose title is 'A'",
        folder.read().provenance().get("other_titles"));
  }

  @Test
  void allColumnsThatAreMissingAreSaidAtOnce() throws IOException {
    folder.write("interactions.csv", ",Kunde,Artikel", "0,u,i1");
    ImportOptions wrong = new ImportOptions().with(Columns.parse("user=Kundin,item=Art,time=T"));
    assertEquals(
        "interactions.csv:1: missing column 'Kundin' and column 'Art' and column 'T'; found: Kunde,"
            + " Artikel; name them with --columns user=COLUMN,item=COLUMN,time=COLUMN",
        folder.mistake(wrong));
    Files.move(path.resolve("interactions.csv"), path.resolve("sales.csv"));
    assertEquals(
        "DIR: no file has columns for users and items; found: items.csv (item, title), sales.csv"
            + " (Kunde, Artikel); name them with --columns user=COLUMN,item=COLUMN",
        folder.mistake());
    assertEquals(
        "DIR: no file has columns for users and items as --columns item=Art,time=T,user=Kundin"
            + " names them; found: items.csv (item, title), sales.csv (Kunde, Artikel); name them"
            + " with --columns user=COLUMN,item=COLUMN",
        folder.mistake(wrong));
  }

  @Test
  void filesOfOtherFormsAreRefusedWithAWayOut() throws IOException {
    folder.write(StandardCharsets.ISO_8859_1, "interactions.csv", "\u001F\u008B\b packed");
    assertEquals("interactions.csv: is packed with gzip; unpack it first", folder.mistake());
    folder.write("interactions.csv", "PK\u0003\u0004 workbook");
    assertTrue(folder.mistake().startsWith("interactions.csv: is a ZIP archive or a workbook"));
    Files.delete(path.resolve("items.csv"));
    Files.move(path.resolve("interactions.csv"), path.resolve("log.csv.gz"));
    folder.write("items.json", "[]");
    assertTrue(
        folder
            .mistake()
            .endsWith(
                "; items.json: write one object a line, in a file that ends in .jsonl;"
                    + " log.csv.gz: unpack it first"),
        folder.mistake());
  }

  @Test
  void partsThatAreNotInTheOrderOfTimeAreCounted() throws IOException {
    folder.write(
        "interactions.csv",
        "user,item,time,split",
        "u,i1,3,test",
        "u,i2,5,train",
        "v,i1,1,train",
        "v,i2,2,test");
    Dataset dataset = folder.read();
    assertEquals("1", dataset.provenance().get("split_against_time"));
    assertEquals(List.of("u: i2 i1", "v: i1 i2"), sequences(dataset));
  }

  @Test
  void itemsKeepTheirKeys() throws IOException {
    folder.write("interactions.csv", "user,item", "u,i1");
    assertEquals(List.of("i1", "i2", "i3"), folder.read().items().stream().map(Item::key).toList());
  }
}
