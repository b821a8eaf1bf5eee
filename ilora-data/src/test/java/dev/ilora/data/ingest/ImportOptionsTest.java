package dev.ilora.data.ingest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.ilora.data.MovieTitles;
import org.junit.jupiter.api.Test;

/** What may be asked of an import, before anything is read. */
class ImportOptionsTest {
  @Test
  void refusesWrongOptions() {
    assertEquals(
        "unknown format 'ml'; choices: movielens-100k, movielens-1m, movielens-csv, lastfm, llara,"
            + " sequences, recbole, csv",
        assertThrows(IllegalArgumentException.class, () -> DatasetFormat.parse("ml")).getMessage());
    assertEquals(
        "cannot read column mapping 'users=x'; expected NAME=COLUMN, NAME one of user, item,"
            + " rating, time, split, key, title, categories",
        assertThrows(IllegalArgumentException.class, () -> Columns.parse("users=x")).getMessage());
    assertEquals(
        "the papers used movielens-100k and lastfm, not csv",
        assertThrows(IllegalArgumentException.class, () -> ImportOptions.papers(DatasetFormat.CSV))
            .getMessage());
  }

  @Test
  void optionsThatMeanNothingForAFormatAreNamed() {
    ImportOptions plain = new ImportOptions();
    assertMeaningless(
        DatasetFormat.CSV, plain.with(MovieTitles.RAW), "a rule for MovieLens titles");
    assertMeaningless(
        DatasetFormat.CSV,
        plain.with(ImportOptions.Order.ITEM).with(ImportOptions.Ties.ITEM),
        "a rule for ties in the order of the item");
    assertMeaningless(DatasetFormat.LLARA, plain.with(Columns.parse("title=name")), "columns");
    String asTheyAre = "filters and orders, for its sequences are taken as they are";
    assertMeaningless(DatasetFormat.SEQUENCES, plain.withCore(5, 5, true), asTheyAre);
    assertMeaningless(DatasetFormat.LLARA, plain.with(ImportOptions.Order.ITEM), asTheyAre);
    for (DatasetFormat format : DatasetFormat.values()) {
      ImportOptions.defaults(format).withName("x").withTitleWords(3).requireMeaning(format);
      ImportOptions.defaults(format).with(ImportOptions.Order.FILE).requireMeaning(format);
    }
    ImportOptions.papers(DatasetFormat.MOVIELENS_100K)
        .with(MovieTitles.PAPERS)
        .requireMeaning(DatasetFormat.MOVIELENS_100K);
    ImportOptions.papers(DatasetFormat.LASTFM).requireMeaning(DatasetFormat.LASTFM);
  }

  private static void assertMeaningless(
      DatasetFormat format, ImportOptions options, String meaningless) {
    assertEquals(
        format.label() + " has no use for " + meaningless,
        assertThrows(IllegalArgumentException.class, () -> options.requireMeaning(format))
            .getMessage());
  }
}
