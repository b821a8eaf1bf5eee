package dev.ilora.prompt;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ilora.testing.Seeds;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CandidateTrieTest {
  @Test
  void sharesBeginnings() {
    var trie = new CandidateTrie(List.of(new int[] {5, 6, 9}, new int[] {5, 7, 9}, new int[] {9}));
    assertArrayEquals(new int[] {5, 6, 9, 7, 9, 9}, trie.nodeToken());
    assertArrayEquals(new int[] {-1, 0, 1, 0, 3, -1}, trie.nodeParent());
    assertArrayEquals(new int[] {0, 1, 2, 1, 2, 0}, trie.nodeDepth());
    assertArrayEquals(new int[] {2, 4, 5}, trie.terminalOf());
    assertArrayEquals(new int[] {0, 5}, trie.children(-1));
    assertArrayEquals(new int[] {1, 3}, trie.children(0));
    assertArrayEquals(new int[] {0, 3, 4}, trie.path(1));
    assertArrayEquals(new int[] {0, 1, 3}, trie.innerNodes());
    assertEquals(2, trie.candidateAt(5));
    assertEquals(-1, trie.candidateAt(0));
  }

  @Test
  void agreesWithBruteForce() {
    Seeds.each(
        150,
        seed -> {
          Random random = new Random(seed);
          List<int[]> answers = new ArrayList<>();
          for (int i = random.nextInt(1, 9); i > 0; i--) {
            answers.add(random.ints(random.nextInt(1, 6), 0, 3).toArray());
          }
          check(answers, new CandidateTrie(answers));
        });
  }

  private static void check(List<int[]> answers, CandidateTrie trie) {
    Set<List<Integer>> prefixes = new HashSet<>();
    for (int[] answer : answers) {
      for (int length = 1; length <= answer.length; length++) {
        prefixes.add(Arrays.stream(answer).limit(length).boxed().toList());
      }
    }
    assertEquals(prefixes.size(), trie.size());
    assertEquals(answers.size(), trie.candidates());
    List<List<Integer>> spelled = new ArrayList<>();
    for (int node = 0; node < trie.size(); node++) {
      int parent = trie.nodeParent()[node];
      assertTrue(parent < node);
      List<Integer> text = new ArrayList<>(parent < 0 ? List.of() : spelled.get(parent));
      text.add(trie.nodeToken()[node]);
      spelled.add(text);
      assertEquals(text.size() - 1, trie.nodeDepth()[node]);
      assertTrue(Arrays.stream(trie.children(parent)).boxed().toList().contains(node));
    }
    for (int candidate = 0; candidate < answers.size(); candidate++) {
      List<Integer> answer = Arrays.stream(answers.get(candidate)).boxed().toList();
      assertEquals(answer, spelled.get(trie.terminalOf()[candidate]));
      int[] path = trie.path(candidate);
      for (int i = 0; i < path.length; i++) {
        assertEquals(answer.get(i), trie.nodeToken()[path[i]]);
      }
      int first = trie.candidateAt(trie.terminalOf()[candidate]);
      assertArrayEquals(answers.get(candidate), answers.get(first));
    }
    boolean[] mask = trie.ancestorMask();
    for (int i = 0; i < trie.size(); i++) {
      for (int j = 0; j < trie.size(); j++) {
        List<Integer> above = spelled.get(j);
        List<Integer> text = spelled.get(i);
        boolean sees = above.size() <= text.size() && text.subList(0, above.size()).equals(above);
        assertEquals(sees, trie.isAncestorOrSelf(j, i));
        assertEquals(sees, mask[i * trie.size() + j]);
      }
    }
  }

  @Test
  void refusesNoAnswerAndAnEmptyOne() {
    var none = assertThrows(IllegalArgumentException.class, () -> new CandidateTrie(List.of()));
    assertEquals("expected at least 1 answer, got 0", none.getMessage());
    var empty =
        assertThrows(
            IllegalArgumentException.class,
            () -> new CandidateTrie(List.of(new int[] {1}, new int[0])));
    assertEquals("the answer of candidate 1 is empty", empty.getMessage());
  }
}
