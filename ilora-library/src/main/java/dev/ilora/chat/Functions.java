package dev.ilora.chat;

import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Functions that templates may call. */
final class Functions {
  static final List<String> NAMES =
      List.of("raise_exception", "namespace", "range", "dict", "strftime_now");

  private static final int MOST_NUMBERS = 100_000;

  private Functions() {}

  static Object call(String name, CallArguments arguments, LocalDate today) {
    return switch (name) {
      case "raise_exception" ->
          throw new TemplateException(
              arguments.line(),
              "it refuses the conversation: "
                  + Values.text(arguments.require(name, 1, 1).get(0), arguments.line()));
      case "namespace" -> {
        if (arguments.count() > 0) {
          throw arguments.refusal(name);
        }
        yield new TemplateRenderer.Namespace(new LinkedHashMap<>(arguments.named()));
      }
      case "dict" -> {
        if (arguments.count() > 0) {
          throw arguments.refusal(name);
        }
        yield new LinkedHashMap<>(arguments.named());
      }
      case "range" -> range(arguments.require(name, 1, 3));
      default -> date(arguments.require(name, 1, 1), today);
    };
  }

  private static List<Object> range(CallArguments arguments) {
    int count = arguments.count();
    int from = count == 1 ? 0 : arguments.number(0, "range");
    int to = arguments.number(count == 1 ? 0 : 1, "range");
    int step = count == 3 ? arguments.number(2, "range") : 1;
    if (step == 0 || Math.abs((long) to - from) / Math.abs(step) > MOST_NUMBERS) {
      throw arguments.refusal("range");
    }
    List<Object> numbers = new ArrayList<>();
    for (long i = from; step > 0 ? i < to : i > to; i += step) {
      numbers.add(i);
    }
    return numbers;
  }

  private static final Pattern DATE_PART = Pattern.compile("%.?|[^%]+", Pattern.DOTALL);

  private static final Map<String, String> DATES =
      Map.of(
          "d", "dd", "b", "MMM", "B", "MMMM", "Y", "yyyy", "m", "MM", "y", "yy", "a", "EEE", "A",
          "EEEE", "j", "DDD");

  private static String date(CallArguments arguments, LocalDate today) {
    String format = arguments.text(0, "strftime_now");
    StringBuilder date = new StringBuilder();
    Matcher parts = DATE_PART.matcher(format);
    while (parts.find()) {
      String pattern = parts.group().startsWith("%") ? DATES.get(parts.group().substring(1)) : "";
      if (pattern == null) {
        throw arguments.refusal("strftime_now");
      }
      date.append(
          pattern.isEmpty()
              ? parts.group()
              : DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH).format(today));
    }
    return date.toString();
  }
}
