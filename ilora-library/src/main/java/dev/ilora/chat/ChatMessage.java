package dev.ilora.chat;

import java.util.Objects;

/**
 * One message of a conversation.
 *
 * @param role who says it: {@code system}, {@code user} or {@code assistant}
 * @param content what is said
 */
public record ChatMessage(String role, String content) {
  /** Checks that both are there. */
  public ChatMessage {
    Objects.requireNonNull(role);
    Objects.requireNonNull(content);
  }
}
