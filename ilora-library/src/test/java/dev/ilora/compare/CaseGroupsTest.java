package dev.ilora.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ilora.runs.CaseFacts;
import dev.ilora.runs.CaseFacts.CaseFact;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CaseGroupsTest {
  private static CaseFacts facts(int longest, List<CaseFact> rows) {
    return new CaseFacts(new CaseFacts.About("sha256:aa", longest, Optional.of("SASRec")), rows);
  }

  private static Map<String, Integer> sizes(CaseGroups groups) {
    Map<String, Integer> sizes = new LinkedHashMap<>();
    groups.groups().forEach(group -> sizes.put(group.name(), group.cases().size()));
    return sizes;
  }

  private static Map<String, Integer> byHistory(int longest, int... lengths) {
    List<CaseFact> rows = new ArrayList<>();
    for (int length : lengths) {
      rows.add(new CaseFact(rows.size(), "u", length, 1, 1));
    }
    return sizes(CaseGroups.byHistory(facts(longest, rows)));
  }

  private static Map<String, Integer> byPopularity(int... counts) {
    List<CaseFact> rows = new ArrayList<>();
    for (int count : counts) {
      rows.add(new CaseFact(rows.size(), "u", 3, count, 1));
    }
    return sizes(CaseGroups.byPopularity(facts(10, rows)));
  }

  @Test
  void historiesFallIntoFixedLengthsAndTheLongestStandAlone() {
    assertEquals(
        List.of("3=2", "4 - 5=2", "6 - 9=2", "10 or more=1"),
        entries(byHistory(10, 10, 9, 3, 6, 4, 3, 5)));
    assertEquals(List.of("6=1", "7 or more=2"), entries(byHistory(7, 6, 7, 7)));
    assertEquals(
        List.of("10 - 19=1", "20 - 24=1", "25 or more=1"), entries(byHistory(25, 24, 12, 25)));
    assertEquals(List.of("100 - 299=1"), entries(byHistory(300, 250)));
    assertEquals(List.of("1 or more=1"), entries(byHistory(1, 1)));
  }

  @Test
  void targetsFallIntoQuartersOfTheCasesAndColdOnesStandAlone() {
    assertEquals(
        List.of("cold (0)=3", "1 - 2=2", "3 - 4=2", "5 - 6=2", "7 - 80=2"),
        entries(byPopularity(0, 80, 1, 2, 0, 3, 4, 5, 6, 0, 7)));
  }

  @Test
  void casesOfEqualCountsAreNotTornApart() {
    assertEquals(List.of("1 - 5=6", "6 - 9=2"), entries(byPopularity(5, 5, 5, 5, 5, 5, 9, 9)));
    assertEquals(List.of("1=3"), entries(byPopularity(1, 1, 1)));
    assertEquals(List.of("cold (0)=2"), entries(byPopularity(0, 0)));
  }

  @Test
  void everyCaseIsInOneGroupOfEachProperty() {
    List<CaseFact> rows = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      rows.add(new CaseFact(3 * i, "u" + i % 17, 3 + i % 8, i * i % 37, 1 + i % 5));
    }
    List<CaseGroups> all = CaseGroups.of(facts(10, rows));
    assertEquals(
        List.of("History length", "Target's training count", "User cluster"),
        all.stream().map(CaseGroups::property).toList());
    for (CaseGroups groups : all) {
      Set<Integer> seen = new HashSet<>();
      groups
          .groups()
          .forEach(group -> group.cases().forEach(row -> assertTrue(seen.add(row), group.name())));
      assertEquals(200, seen.size());
    }
    assertEquals(
        List.of("1", "2", "3", "4", "5"),
        all.getLast().groups().stream().map(CaseGroups.Group::name).toList());
  }

  @Test
  void withoutClustersThereAreNoGroupsOfThem() {
    CaseFacts plain =
        new CaseFacts(
            new CaseFacts.About("sha256:aa", 10, Optional.empty()),
            List.of(new CaseFact(0, "u", 3, 1, 0)));
    assertEquals(2, CaseGroups.of(plain).size());
  }

  private static List<String> entries(Map<String, Integer> sizes) {
    return sizes.entrySet().stream().map(Object::toString).toList();
  }
}
