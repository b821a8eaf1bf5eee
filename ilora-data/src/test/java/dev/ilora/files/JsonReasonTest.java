package dev.ilora.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

class JsonReasonTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"r": NaN}  | Non-standard token 'NaN'
          {"r": 01}   | Invalid numeric value: Leading zeroes not allowed
          """)
  void noSettingOfALibraryIsShown(String json, String reason) {
    JacksonException error =
        assertThrows(JacksonException.class, () -> JsonMapper.shared().readTree(json));
    assertEquals(reason, JsonReason.of(error));
  }

  record Named(String name, int size) {}

  @Test
  void aMissingFieldIsNamed() {
    JsonMapper mapper =
        JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .build();
    JacksonException error =
        assertThrows(JacksonException.class, () -> mapper.readValue("{\"size\": 1}", Named.class));
    assertEquals("field 'name' is missing", JsonReason.of(error));
  }

  @ParameterizedTest
  @CsvSource({"2000", "100000"})
  void deepNestingIsTheReasonAndNotALimitOfALibrary(int depth) {
    JacksonException error =
        assertThrows(JacksonException.class, () -> JsonMapper.shared().readTree("[".repeat(depth)));
    assertEquals(-1, JsonReason.of(error).indexOf("StreamReadConstraints"), JsonReason.of(error));
  }
}
