package dev.ilora.chat;

import java.util.List;
import java.util.Map;

/** What a function, method or filter was given. */
record CallArguments(List<Object> positional, Map<String, Object> named, int line) {

  /** Refuses other numbers of arguments, and named ones. */
  CallArguments require(String what, int least, int most) {
    if (!named.isEmpty() || positional.size() < least || positional.size() > most) {
      throw refusal(what);
    }
    return this;
  }

  TemplateException refusal(String what) {
    return new TemplateException(line, "these arguments of " + what + " are not understood");
  }

  int count() {
    return positional.size();
  }

  Object get(int place) {
    return positional.get(place);
  }

  String text(int place, String what) {
    if (positional.get(place) instanceof String text) {
      return text;
    }
    throw refusal(what);
  }

  int number(int place, String what) {
    if (positional.get(place) instanceof Long number && Math.abs(number) < Integer.MAX_VALUE) {
      return Math.toIntExact(number);
    }
    throw refusal(what);
  }
}
