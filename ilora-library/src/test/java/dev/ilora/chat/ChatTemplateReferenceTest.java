package dev.ilora.chat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.ilora.BadInputException;
import dev.ilora.testing.ReferenceFiles;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Templates against what jinja2 makes of them, byte by byte. */
class ChatTemplateReferenceTest {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final Path SOURCE = Path.of("tokenizer_config.json");

  @Test
  void templatesGiveTheTextOfJinja2OrAreRefusedAsThere() {
    JsonNode stored = JSON.readTree(ReferenceFiles.of("chat/chat.json"));
    LocalDate today = LocalDate.parse(stored.get("today").asString());
    Map<String, String> tokens = new HashMap<>();
    stored.get("tokens").forEachEntry((name, token) -> tokens.put(name, token.asString()));
    List<String> differences = new ArrayList<>();
    for (JsonNode row : stored.get("rows")) {
      String name = row.get("template").asString();
      JsonNode whole = stored.get("templates").get(name);
      String template = whole == null ? name : whole.asString();
      List<ChatMessage> messages =
          messages(stored.get("conversations").get(row.get("conversation").asString()));
      boolean answering = row.get("answering").asBoolean();
      JsonNode expected = row.get("text");
      String given;
      try {
        given = ChatTemplate.parse(SOURCE, template, tokens).render(messages, answering, today);
      } catch (BadInputException e) {
        given = "refused: " + e.getMessage();
      }
      if (expected.isNull() ? !given.startsWith("refused") : !expected.asString().equals(given)) {
        differences.add("%s\n  expected %s\n  got      %s".formatted(name, expected, given));
      }
    }
    assertEquals(List.of(), differences);
  }

  private static List<ChatMessage> messages(JsonNode conversation) {
    List<ChatMessage> messages = new ArrayList<>();
    conversation.forEach(
        message ->
            messages.add(
                new ChatMessage(
                    message.get("role").asString(), message.get("content").asString())));
    return messages;
  }

  private static String refusal(String template) {
    return assertThrows(
            BadInputException.class,
            () ->
                ChatTemplate.parse(SOURCE, template, Map.of())
                    .render(List.of(), true, LocalDate.EPOCH))
        .getMessage();
  }

  @Test
  void whatIsNotUnderstoodIsRefusedByNameAndLine() {
    String at = "tokenizer_config.json: chat template, line ";
    assertEquals(
        at + "2: the statement 'macro' is not understood; if, for, set and generation are",
        refusal("a\n{% macro m() %}{% endmacro %}"));
    assertEquals(at + "1: the filter 'wordwrap' is not understood", refusal("{{ 'a'|wordwrap }}"));
    assertEquals(at + "1: the test 'sameas' is not understood", refusal("{{ 1 is sameas }}"));
    assertEquals(
        at + "1: the method 'zfill' of a text is not understood", refusal("{{ 'a'.zfill(3) }}"));
    assertEquals(
        at
            + "1: this function is not understood; raise_exception, namespace, range, dict,"
            + " strftime_now are",
        refusal("{{ lipsum() }}"));
    assertEquals(at + "1: it refuses the conversation: no", refusal("{{ raise_exception('no') }}"));
    assertEquals(at + "1: {{ is never closed", refusal("{{ 'a'"));
    assertEquals(
        at + "3: expected {% elif or else or endif %}, got the end of the template",
        refusal("{% if true %}\n\na"));
  }

  @Test
  void hostileTemplatesEnd() {
    assertEquals(
        "tokenizer_config.json: chat template, line 1: more than 100 expressions in one another",
        refusal("{{ " + "(".repeat(100_000) + "1" + ")".repeat(100_000) + " }}"));
    assertEquals(
        "tokenizer_config.json: chat template, line 1: rendering does not end",
        refusal(
            "{% for a in range(9999) %}{% for b in range(9999) %}{{ a }}{% endfor %}{% endfor %}"));
    assertEquals(
        "tokenizer_config.json: chat template, line 1: a text of more than 1,000,000 characters",
        refusal(
            "{% set n = namespace(x='aaaaaaaaaa') %}{% for a in range(99) %}{% set n.x = n.x + n.x"
                + " %}{% endfor %}"));
    assertThrows(
        BadInputException.class,
        () -> ChatTemplate.parse(SOURCE, "{% if 1 %}".repeat(100_000), Map.of()));
  }
}
