package dev.ilora.data;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MovieTitlesTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "Usual Suspects, The (1995); The Usual Suspects; 1995",
        "Whistle, The (Pfeife, Die) (1979); The Whistle (Die Pfeife); 1979",
        "Canto, Il (Song, The) (Chanson, La) (1970); Il Canto (The Song) (La Chanson); 1970",
        "Amica, L' (1960); L'Amica; 1960",
        "Treni, I (1990); I Treni; 1990",
        "Casa, Una (1991); Una Casa; 1991",
        "Hund, Den (1992); Den Hund; 1992",
        "Nine (a.k.a. Neuf, Le) (1993); Nine (a.k.a. Le Neuf); 1993",
        "Long Series (2006\u20132007); Long Series; 2006",
        "Long Series (2006-); Long Series; 2006",
        "Bought Online (1999) (V); Bought Online; 1999",
        "Trees, Birds (2001); Trees, Birds; 2001",
        "No Year; No Year;",
      })
  void yearsGoAndArticlesComeFirst(String raw, String clean, String year) {
    assertEquals(clean, MovieTitles.CLEAN.of(raw));
    assertEquals(Optional.ofNullable(year), MovieTitles.year(raw));
  }
}
