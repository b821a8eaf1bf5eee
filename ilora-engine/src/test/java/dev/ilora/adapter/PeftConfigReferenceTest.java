package dev.ilora.adapter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.ilora.BadInputException;
import dev.ilora.testing.ReferenceFiles;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Adapters that PEFT saved: those computed here load, all others are refused by name. */
class PeftConfigReferenceTest {
  private static Path folder(String name) {
    return ReferenceFiles.of("peft").resolve(name);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "lora-all",
        "lora-qv",
        "lora-all-linear",
        "lora-tied",
        "lora-rslora",
        "lora-dora",
        "lora-dora-rslora-patterns",
        "lora-patterns",
        "lora-layers",
        "lora-regex",
        "lora-exclude",
        "lora-phi3",
        "mixture/expert0"
      })
  void loraIsRead(String name) {
    assertEquals(1, AdapterFolder.readConfig(folder(name)).experts());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "lora-bias|bias lora_only is not supported",
        "lora-loraB-bias|lora_bias true is not supported",
        "lora-modules-to-save|modules_to_save [\"lm_head\"] is not supported",
        "ia3|peft_type IA3 is not supported",
        "prefix-tuning|peft_type PREFIX_TUNING is not supported",
        "prompt-tuning|peft_type PROMPT_TUNING is not supported",
        "p-tuning|peft_type P_TUNING is not supported",
      })
  void whatIsNotComputedIsRefusedByName(String name, String message) {
    assertEquals(folder(name).resolve("adapter_config.json") + ": " + message, refusal(name));
  }

  private static String refusal(String name) {
    Path folder = folder(name);
    return assertThrows(BadInputException.class, () -> AdapterFolder.readConfig(folder))
        .getMessage();
  }

  @Test
  void modulesThatAreNotAdaptedHereAreRefusedByName() {
    assertEquals(true, refusal("lora-embedding").contains("projection 'embed_tokens' is unknown"));
  }
}
