package dev.ilora;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class CountedTest {
  @Test
  void oneIsNotMany() {
    assertEquals("0 items", Counted.of(0, "item"));
    assertEquals("1 item", Counted.of(1, "item"));
    assertEquals("1,682 items", Counted.of(1682, "item"));
    assertEquals("1 user, 2 items, 1,000 interactions", Counted.data(1, 2, 1000));
  }
}
