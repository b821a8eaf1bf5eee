package dev.ilora.chat;

import dev.ilora.BadInputException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A model's chat template, ready to be rendered. Instances may be shared by threads. */
public final class ChatTemplate {
  private final Path source;
  private final List<TemplateNode> nodes;
  private final Map<String, String> specialTokens;

  private ChatTemplate(Path source, List<TemplateNode> nodes, Map<String, String> specialTokens) {
    this.source = source;
    this.nodes = nodes;
    this.specialTokens = specialTokens;
  }

  /**
   * Reads a template.
   *
   * @param source file it is from, for messages
   * @param text the template
   * @param specialTokens texts of special tokens by the name that templates give them, such as
   *     {@code bos_token}
   * @throws BadInputException if it is no template, or uses what is not understood, with its line
   */
  public static ChatTemplate parse(Path source, String text, Map<String, String> specialTokens) {
    try {
      return new ChatTemplate(source, new TemplateParser(text).parse(), Map.copyOf(specialTokens));
    } catch (TemplateException e) {
      throw refusal(source, e);
    }
  }

  /**
   * Returns a conversation as the model was taught to read it.
   *
   * @param messages in their order
   * @param answering whether the beginning of an answer is added, for the model to go on from
   * @param today the date that some templates write
   * @throws BadInputException if the template refuses the conversation or cannot be rendered, with
   *     the line
   */
  public String render(List<ChatMessage> messages, boolean answering, LocalDate today) {
    Map<String, Object> variables = new LinkedHashMap<>(specialTokens);
    variables.put("messages", messages.stream().map(ChatTemplate::values).toList());
    variables.put("add_generation_prompt", answering);
    try {
      return new TemplateRenderer(variables, today).render(nodes);
    } catch (TemplateException e) {
      throw refusal(source, e);
    }
  }

  private static Map<String, Object> values(ChatMessage message) {
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("role", message.role());
    values.put("content", message.content());
    return values;
  }

  private static BadInputException refusal(Path source, TemplateException e) {
    return new BadInputException(
        source, "chat template, line %s: %s".formatted(e.line(), e.getMessage()));
  }
}
