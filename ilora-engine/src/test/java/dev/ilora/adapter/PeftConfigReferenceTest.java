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
  @ValueSource(strings = {"lora-all", "lora-qv", "lora-all-linear", "lora-tied", "mixture/expert0"})
  void plainLoraIsRead(String name) {
    assertEquals(1, AdapterFolder.readConfig(folder(name)).experts());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "lora-rslora|use_rslora true is not supported",
        "lora-dora|use_dora true is not supported",
        "lora-dora-rslora-patterns|alpha_pattern {\"down_proj\":3} is not supported",
        "lora-layers|layers_to_transform [1] is not supported",
        "lora-exclude|exclude_modules [\"down_proj\",\"k_proj\"] is not supported",
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
    String unknown = "projection '%s' is unknown";
    assertEquals(true, refusal("lora-embedding").contains(unknown.formatted("embed_tokens")));
    assertEquals(true, refusal("lora-phi3").contains(unknown.formatted("qkv_proj")));
    assertEquals(
        true, refusal("lora-regex").contains("target_modules: expected a list of names, got "));
    assertEquals(true, refusal("lora-patterns").contains("_pattern {"));
  }
}
