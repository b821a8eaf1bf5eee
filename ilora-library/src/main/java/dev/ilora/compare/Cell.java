package dev.ilora.compare;

import dev.ilora.statistics.Interval;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/** What stands in one place of a table: a value for programs and how people see it. */
public sealed interface Cell {
  /** What people see where there is nothing. */
  String NOTHING = "-";

  /** How it is shown in text. */
  String text();

  /** The number it shows, to be compared with others of its column. */
  default OptionalDouble magnitude() {
    return OptionalDouble.empty();
  }

  /** How that number reads: numbers that read the same count as equal. */
  default String reading() {
    return text();
  }

  /** The value for JSON: a text, a number or an interval; empty where there is none. */
  Optional<Object> value();

  /**
   * Words.
   *
   * @param text the words
   */
  record Words(String text) implements Cell {
    @Override
    public Optional<Object> value() {
      return Optional.of(text);
    }
  }

  /**
   * The name of a method, which pages mark by its colour.
   *
   * @param text the name
   */
  record MethodName(String text) implements Cell {
    @Override
    public Optional<Object> value() {
      return Optional.of(text);
    }
  }

  /**
   * What is compared: one method less another.
   *
   * @param first the first method
   * @param second the second method
   */
  record Difference(String first, String second) implements Cell {
    @Override
    public String text() {
      return first + " - " + second;
    }

    @Override
    public Optional<Object> value() {
      return Optional.of(text());
    }
  }

  /**
   * A value for programs only.
   *
   * @param content numbers, texts, or lists and maps of them
   */
  record Data(Object content) implements Cell {
    @Override
    public String text() {
      return "";
    }

    @Override
    public Optional<Object> value() {
      return Optional.of(content);
    }
  }

  /**
   * A number.
   *
   * @param number its value
   * @param text its usual form
   */
  record Figure(Number number, String text) implements Cell {
    /** A number in a form of {@link String#format}. */
    static Figure of(Number number, String form) {
      return new Figure(number, String.format(Locale.ROOT, form, number));
    }

    /** A count with its thousands apart. */
    static Figure count(long count) {
      return of(count, "%,d");
    }

    /** A duration in seconds, with tenths where it is short. */
    static Figure seconds(double seconds) {
      return of(seconds, seconds < 10 ? "%.1f" : "%,.0f");
    }

    /** A p value, in thousandths. */
    static Figure probability(double p) {
      return p < 0.001 ? new Figure(p, "<0.001") : of(p, "%.3f");
    }

    @Override
    public OptionalDouble magnitude() {
      return OptionalDouble.of(number.doubleValue());
    }

    @Override
    public Optional<Object> value() {
      return Optional.of(number);
    }
  }

  /**
   * A weight between 0 and 1, which pages shade.
   *
   * @param weight its value
   */
  record Weight(double weight) implements Cell {
    @Override
    public String text() {
      return String.format(Locale.ROOT, "%.3f", weight);
    }

    @Override
    public Optional<Object> value() {
      return Optional.of(weight);
    }
  }

  /**
   * An estimate with its interval.
   *
   * @param interval the estimate and its ends
   * @param form what it is an estimate of
   * @param ranged whether the ends are shown; pages show them on demand otherwise
   */
  record Estimate(Interval interval, Form form, boolean ranged) implements Cell {
    /** What an estimate is of, which decides how it is written. */
    public enum Form {
      /** A metric, between 0 and 1. */
      METRIC("%.4f", 1, ""),
      /** The difference of two metrics. */
      DIFFERENCE("%+.4f", 1, ""),
      /** One metric over another, less one; written in per cent. */
      GAIN("%+.1f", 100, " %");

      private final String number;
      private final double unit;
      private final String suffix;

      Form(String number, double unit, String suffix) {
        this.number = number;
        this.unit = unit;
        this.suffix = suffix;
      }

      private String of(double value) {
        return String.format(Locale.ROOT, number, unit * value);
      }
    }

    /** The estimate without its ends. */
    public String estimate() {
      return form.of(interval.estimate()) + form.suffix;
    }

    /** The ends in brackets. */
    public String range() {
      return "[" + form.of(interval.low()) + ", " + form.of(interval.high()) + "]";
    }

    /** Whether the interval of a difference or gain leaves 0 out. */
    public boolean clear() {
      return form != Form.METRIC && !interval.contains(0);
    }

    @Override
    public OptionalDouble magnitude() {
      return OptionalDouble.of(interval.estimate());
    }

    @Override
    public String reading() {
      return estimate();
    }

    @Override
    public String text() {
      return ranged ? estimate() + " " + range() : estimate();
    }

    @Override
    public Optional<Object> value() {
      Map<String, Double> fields = new LinkedHashMap<>();
      fields.put("estimate", interval.estimate());
      fields.put("low", interval.low());
      fields.put("high", interval.high());
      return Optional.of(fields);
    }
  }

  /**
   * Nothing.
   *
   * @param reason why, or an empty text where it goes without saying
   */
  record Missing(String reason) implements Cell {
    /** Nothing, which needs no reason. */
    static final Missing UNSAID = new Missing("");

    @Override
    public String text() {
      return NOTHING;
    }

    @Override
    public Optional<Object> value() {
      return Optional.empty();
    }
  }
}
