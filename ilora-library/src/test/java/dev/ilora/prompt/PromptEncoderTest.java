package dev.ilora.prompt;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ilora.BadInputException;
import dev.ilora.tokenizer.BpeTrainer;
import dev.ilora.tokenizer.Texts;
import dev.ilora.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PromptEncoderTest {
  private static final PromptTemplate TEMPLATE = PromptTemplate.named("movie-short");
  private static final List<String> TITLES = Texts.TITLES;
  private static final int ROOMY = 4096;

  @TempDir static Path folder;
  private static Tokenizer tokenizer;

  @BeforeAll
  static void trainTokenizer() throws IOException {
    BpeTrainer.train(Texts.lines(new Random(1), 100), 500, folder.resolve("tokenizer.json"));
    tokenizer = Tokenizer.open(folder);
  }

  @AfterAll
  static void closeTokenizer() {
    tokenizer.close();
  }

  private static PromptEncoder encoder(ItemEmbeddings embeddings, int maxTokens) {
    return encoder(embeddings, false, maxTokens);
  }

  private static PromptEncoder encoder(ItemEmbeddings embeddings, boolean userSlot, int maxTokens) {
    return new PromptEncoder(
        tokenizer, TEMPLATE, TITLES, embeddings, userSlot, ChatUse.NEVER, maxTokens);
  }

  @Test
  void writesTheFrameWithTitles() {
    PromptEncoder encoder = encoder(ItemEmbeddings.NONE, ROOMY);
    Prompt prompt = encoder.encode(new int[] {0, 2}, new int[] {5, 3});
    assertEquals(tokenizer.bos(), prompt.tokens()[0]);
    assertEquals(
        "This user has watched:\n Toy Story\n Röyksopp\n Candidates:\n Star Wars\n Café Del Mar\n"
            + " The next movie is:",
        tokenizer.decode(prompt.tokens()));
    assertEquals(" Röyksopp\n", tokenizer.decode(encoder.answer(2)));
    assertEquals(0, prompt.slotPositions().length);
    assertEquals(0, prompt.titlesTruncated());
    String empty = tokenizer.decode(encoder.encode(new int[0], new int[] {0}).tokens());
    assertEquals("This user has watched:\n\n Candidates:\n Toy Story\n The next movie is:", empty);
  }

  @Test
  void titlesHaveTheSameTokensEverywhere() {
    PromptEncoder encoder = encoder(ItemEmbeddings.NONE, ROOMY);
    for (int item = 0; item < TITLES.size(); item++) {
      int[] title = encoder.title(item);
      int other = item == 0 ? 1 : 0;
      int[] tokens = encoder.encode(new int[] {item}, new int[] {other, item}).tokens();
      assertEquals(2, occurrences(tokens, title), TITLES.get(item));
      int[] answer = encoder.answer(item);
      assertArrayEquals(title, Arrays.copyOf(answer, title.length));
      assertArrayEquals(encoder.end(), Arrays.copyOfRange(answer, title.length, answer.length));
    }
  }

  private static int occurrences(int[] tokens, int[] part) {
    int found = 0;
    for (int at = 0; at + part.length <= tokens.length; at++) {
      found += Arrays.equals(tokens, at, at + part.length, part, 0, part.length) ? 1 : 0;
    }
    return found;
  }

  @Test
  void slotsFollowTitles() {
    PromptEncoder encoder = encoder(ItemEmbeddings.SLOT, ROOMY);
    Prompt prompt = encoder.encode(new int[] {4, 2}, new int[] {7, 2, 9});
    assertArrayEquals(new int[] {4, 2, 7, 2, 9}, prompt.slotItems());
    for (int i = 0; i < 5; i++) {
      int at = prompt.slotPositions()[i];
      int[] title = encoder.title(prompt.slotItems()[i]);
      assertFalse(prompt.slotAdds()[i]);
      assertEquals(tokenizer.slot(), prompt.tokens()[at]);
      assertArrayEquals(title, Arrays.copyOfRange(prompt.tokens(), at - title.length, at));
    }
    assertArrayEquals(plain(new int[] {4, 2}, new int[] {7, 2, 9}), withoutSlots(prompt));
  }

  private static int[] plain(int[] history, int[] candidates) {
    return encoder(ItemEmbeddings.NONE, ROOMY).encode(history, candidates).tokens();
  }

  private static int[] withoutSlots(Prompt prompt) {
    return Arrays.stream(prompt.tokens()).filter(token -> token != tokenizer.slot()).toArray();
  }

  @Test
  void titleTokensCarryTheirItem() {
    for (ItemEmbeddings embeddings :
        List.of(ItemEmbeddings.TITLE_TOKENS, ItemEmbeddings.SLOT_AND_TITLE)) {
      PromptEncoder encoder = encoder(embeddings, ROOMY);
      Prompt prompt = encoder.encode(new int[] {1, 3}, new int[] {6, 0});
      List<Integer> added = new ArrayList<>();
      List<Integer> replaced = new ArrayList<>();
      for (int i = 0; i < prompt.slotPositions().length; i++) {
        int token = prompt.tokens()[prompt.slotPositions()[i]];
        assertEquals(!prompt.slotAdds()[i], token == tokenizer.slot());
        (prompt.slotAdds()[i] ? added : replaced).add(prompt.slotItems()[i]);
      }
      List<Integer> expected = new ArrayList<>();
      for (int item : new int[] {1, 3, 6, 0}) {
        for (int i = 0; i < encoder.title(item).length; i++) {
          expected.add(item);
        }
      }
      assertEquals(expected, added);
      boolean slots = embeddings == ItemEmbeddings.SLOT_AND_TITLE;
      assertEquals(slots ? List.of(1, 3, 6, 0) : List.of(), replaced);
      int[] positions = prompt.slotPositions();
      for (int i = 1; i < positions.length; i++) {
        assertTrue(positions[i] > positions[i - 1]);
      }
    }
  }

  /** The tokenizer of the other tests with a chat template of its own special tokens. */
  private static Tokenizer chatting(String name, String template) throws IOException {
    Path model = Files.createDirectory(folder.resolve(name));
    Files.copy(folder.resolve("tokenizer.json"), model.resolve("tokenizer.json"));
    Files.writeString(model.resolve("chat_template.jinja"), template);
    return Tokenizer.open(model);
  }

  private static PromptEncoder encoder(Tokenizer tokenizer, ChatUse chat) {
    return new PromptEncoder(tokenizer, TEMPLATE, TITLES, ItemEmbeddings.NONE, false, chat, ROOMY);
  }

  @Test
  void aPromptIsWhatTheUserSaysInAChatAndTheAnswerIsTheTurnOfTheModel() throws IOException {
    String template =
        "{% for m in messages %}{{ m['role'] + ': ' + m['content'] + eos_token + '\n"
            + "' }}{% endfor %}{% if add_generation_prompt %}{{ 'assistant:' }}{% endif %}";
    try (Tokenizer chat = chatting("chat", template)) {
      int[] history = {0, 1};
      int[] candidates = {2, 3};
      Prompt plain = encoder(chat, ChatUse.NEVER).encode(history, candidates);
      PromptEncoder encoder = encoder(chat, ChatUse.AUTO);
      Prompt prompt = encoder.encode(history, candidates);
      String eos = chat.decodeWithSpecial(new int[] {chat.eos()});
      assertEquals(
          "user: " + chat.decode(plain.tokens()) + eos + "\nassistant:",
          chat.decodeWithSpecial(prompt.tokens()));
      assertArrayEquals(new int[] {chat.eos()}, encoder.end());
      int[] answer = encoder.answer(2);
      assertEquals(chat.eos(), answer[answer.length - 1]);
      assertEquals(prompt.length(), encoder.promptLength(history, candidates));
    }
  }

  @Test
  void aChatTemplateThatChangesMessagesIsRefusedUnlessItIsNotUsed() throws IOException {
    String template = "{% for m in messages %}{{ m['content']|upper }}{% endfor %}";
    try (Tokenizer chat = chatting("upper", template)) {
      assertEquals(
          chat.file()
              + ": chat template: expected it to write each message once and unchanged, found"
              + " 'question-of-the-user' nowhere; prompt.chat=never asks without it",
          assertThrows(BadInputException.class, () -> encoder(chat, ChatUse.AUTO)).getMessage());
      assertArrayEquals(
          encoder(ItemEmbeddings.NONE, ROOMY).encode(new int[] {0}, new int[] {1}).tokens(),
          encoder(chat, ChatUse.NEVER).encode(new int[] {0}, new int[] {1}).tokens());
    }
  }

  @Test
  void oneSlotStandsForTheUser() throws IOException {
    Prompt prompt = encoder(ItemEmbeddings.NONE, true, ROOMY).encode(new int[] {0}, new int[] {1});
    assertArrayEquals(new int[] {Prompt.USER}, prompt.slotItems());
    int at = prompt.slotPositions()[0];
    assertEquals("This user has watched:", tokenizer.decode(Arrays.copyOf(prompt.tokens(), at)));
    assertArrayEquals(plain(new int[] {0}, new int[] {1}), withoutSlots(prompt));

    Path file = folder.resolve("user.txt");
    Files.writeString(file, "User [UserEmb] saw [HistoryHere] [HistoryEmb]; of [CansHere] next");
    PromptTemplate template = PromptTemplate.load(file);
    for (ItemEmbeddings embeddings : ItemEmbeddings.values()) {
      var encoder =
          new PromptEncoder(tokenizer, template, TITLES, embeddings, true, ChatUse.NEVER, ROOMY);
      Prompt placed = encoder.encode(new int[] {0}, new int[] {1});
      String gap = embeddings.slotAfterTitle() ? " " : "";
      assertEquals(
          "User  saw Toy Story" + gap + "; of GoldenEye next", tokenizer.decode(placed.tokens()));
      assertEquals(Prompt.USER, placed.slotItems()[0]);
      int user = placed.slotPositions()[0];
      assertEquals("User ", tokenizer.decode(Arrays.copyOf(placed.tokens(), user)));
      Prompt without =
          new PromptEncoder(tokenizer, template, TITLES, embeddings, ROOMY)
              .encode(new int[] {0}, new int[] {1});
      assertEquals(placed.length() - 1, without.length());
    }
  }

  @Test
  void anyContextGivesAFittingPromptOrAClearRefusal() {
    Random random = new Random(8);
    int cutPrompts = 0;
    int refused = 0;
    for (int round = 0; round < 800; round++) {
      var embeddings = ItemEmbeddings.values()[random.nextInt(ItemEmbeddings.values().length)];
      int[] history = random.ints(random.nextInt(8), 0, TITLES.size()).toArray();
      int[] candidates = random.ints(20, 0, TITLES.size()).distinct().limit(6).toArray();
      int maxTokens = random.nextInt(50, 260);
      PromptEncoder encoder = encoder(embeddings, random.nextBoolean(), maxTokens);
      try {
        cutPrompts += check(encoder, history, candidates, maxTokens) ? 1 : 0;
      } catch (ContextOverflowException e) {
        refused++;
      }
    }
    assertTrue(cutPrompts > 100 && refused > 20, cutPrompts + " cut, " + refused + " refused");
  }

  private static boolean check(
      PromptEncoder encoder, int[] history, int[] candidates, int maxTokens) {
    Prompt prompt = encoder.encode(history, candidates);
    Set<String> shown = new HashSet<>();
    int longest = 0;
    int truncated = 0;
    for (int candidate : candidates) {
      int[] answer = encoder.answer(candidate, prompt);
      longest = Math.max(longest, answer.length);
      truncated += answer.length < encoder.answer(candidate).length ? 1 : 0;
      shown.add(Arrays.toString(answer));
      int[] title = Arrays.copyOf(answer, answer.length - encoder.end().length);
      assertTrue(occurrences(prompt.tokens(), title) > 0);
    }
    assertEquals(candidates.length, shown.size(), "cut titles must stay different");
    assertEquals(prompt.length(), encoder.promptLength(history, candidates));
    assertTrue(prompt.length() + longest <= maxTokens);
    assertTrue(prompt.titlesTruncated() >= truncated);
    assertTrue(prompt.titlesDropped() < Math.max(1, history.length));
    boolean cut = prompt.titlesTruncated() + prompt.titlesDropped() > 0;
    if (!cut) {
      assertEquals(tokenizer.decode(plain(history, candidates)), tokenizer.decode(prompt.tokens()));
    }
    return cut;
  }

  @Test
  void cutsNoMoreThanNeeded() {
    int[] history = {6, 7};
    int[] candidates = {6, 10};
    PromptEncoder roomy = encoder(ItemEmbeddings.SLOT, ROOMY);
    int needed = roomy.encode(history, candidates).length() + roomy.answer(6).length;
    Prompt whole = encoder(ItemEmbeddings.SLOT, needed).encode(history, candidates);
    assertEquals(0, whole.titlesTruncated());
    Prompt cut = encoder(ItemEmbeddings.SLOT, needed - 1).encode(history, candidates);
    assertEquals(2, cut.titlesTruncated());
    assertEquals(0, cut.titlesDropped());
    assertEquals(
        needed - 3, cut.length() + encoder(ItemEmbeddings.SLOT, needed - 1).answer(6, cut).length);
  }

  @Test
  void keepsCutCandidatesDifferent() {
    List<String> alike = List.of("the one and only a", "the one and only b", "the one and only");
    int[] all = {0, 1, 2};
    PromptEncoder roomy = new PromptEncoder(tokenizer, TEMPLATE, alike, ItemEmbeddings.NONE, ROOMY);
    int needed = roomy.encode(all, all).length() + roomy.answer(0).length;
    for (int maxTokens = needed - 20; maxTokens < needed; maxTokens++) {
      var encoder = new PromptEncoder(tokenizer, TEMPLATE, alike, ItemEmbeddings.NONE, maxTokens);
      Prompt prompt = encoder.encode(all, all);
      assertArrayEquals(encoder.answer(0), encoder.answer(0, prompt));
      assertNotEquals(0, prompt.titlesTruncated());
    }
  }

  @Test
  void refusesWhatCannotFit() {
    PromptEncoder encoder = encoder(ItemEmbeddings.SLOT, 40);
    var e =
        assertThrows(
            ContextOverflowException.class,
            () -> encoder.encode(new int[] {1, 2, 3}, new int[] {0, 1, 2, 3, 4, 7}));
    assertTrue(
        e.getMessage()
            .matches(
                "a prompt with 6 candidates and its answer need at least \\d+ tokens, the model's"
                    + " context holds 40: use fewer candidates, a shorter template or a model with"
                    + " a longer context"),
        e.getMessage());
  }

  @Test
  void refusesWrongItemsAndTitles() {
    PromptEncoder encoder = encoder(ItemEmbeddings.NONE, ROOMY);
    var range =
        assertThrows(
            IndexOutOfBoundsException.class,
            () -> encoder.encode(new int[] {TITLES.size()}, new int[] {0}));
    assertEquals("Index 14 out of bounds for length 14", range.getMessage());
    assertMessage(
        "expected at least 1 candidate, got 0", () -> encoder.encode(new int[] {0}, new int[0]));
    assertMessage("item 1 has no title", () -> titled("a", " "));
    assertMessage("the title of item 0 holds a line break", () -> titled("a\nb"));
  }

  private static void titled(String... titles) {
    new PromptEncoder(tokenizer, TEMPLATE, List.of(titles), ItemEmbeddings.NONE, ROOMY);
  }

  private static void assertMessage(String message, Runnable action) {
    var e = assertThrows(IllegalArgumentException.class, action::run);
    assertEquals(message, e.getMessage());
  }
}
