package dev.ilora.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.ilora.config.Config;
import dev.ilora.config.ConfigException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What cannot work is refused when a recipe is read, not after an hour of training. */
class RecipeContradictionsTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          method=tallrec prompt.embeddings=slot | method TALLRec asks in text only: prompt.embeddings must be none and prompt.userSlot false
          method=tallrec prompt.userSlot=true   | method TALLRec asks in text only: prompt.embeddings must be none and prompt.userSlot false
          method=zero-shot prompt.userSlot=true | method Zero-shot LLM asks in text only: prompt.embeddings must be none and prompt.userSlot false
          method=llara                          | method LLaRA asks with embeddings: prompt.embeddings must not be none, or prompt.userSlot true
          method=ilora prompt.embeddings=none   | method iLoRA asks with embeddings: prompt.embeddings must not be none, or prompt.userSlot true
          name=+++                              | name '+++': expected one line with a letter from a to z or a digit
          name=long-long-long-long-long-long-long-long-long-long-long-long-long-long-long-long-long-long-long-long-long | name 'long-long-long-long-...': 104 characters; at most 100, because run folders are called by it
          seeds=0                               | seeds = 0: expected a whole number of at least 1 and at most 1000
          rows.paperRows=true rows.positions=last | rows: paperRows: with split users-by-time and positions last every test row is its user's last already
          rows.paperRows=true rows.split=leave-one-out | rows: paperRows: with split leave-one-out and positions every every test row is its user's last already
          method=sasrec adapter.experts=2       | method SASRec has one expert: adapter.experts must be 1, not 2
          adapter.experts=3                     | adapter: rank 16 does not divide into 3 experts
          adapter.ranks=[1,2] adapter.experts=4 | adapter: ranks names 2 experts, experts is 4
          adapter.gate=top-k adapter.gate.top=2| adapter: experts kept: expected 1 to 1, got 2
          adapter.gate=mlp adapter.gate.hidden=0| adapter.gate.hidden = 0: expected a whole number of at least 1 and at most 65536
          adapter.gate.top=2                    | adapter.gate.kind: missing; expected one of linear, per-layer, mlp, top-k, noisy, residual
          adapter.targets=[]                    | adapter: targets is empty: name at least one projection
          adapter.prefixTokens=2000             | adapter.prefixTokens = 2000: expected a whole number of at least 0 and at most 1024
          adapter.prefixTokens=4 adapter.virtualTokens=4 | adapter: virtualTokens and prefixTokens exclude each other: leave one of them at 0
          adapter.prefixTokens=4 adapter.experts=2 | adapter: prefixTokens stand in place of low-rank updates: experts must be 1, rslora and dora false, dropout 0
          adapter.prefixTokens=4 adapter.dora=true | adapter: prefixTokens stand in place of low-rank updates: experts must be 1, rslora and dora false, dropout 0
          adapter.virtualTokens=4 adapter.rslora=true | adapter: virtualTokens stand in place of low-rank updates: experts must be 1, rslora and dora false, dropout 0
          adapter.dropout=1                     | adapter.dropout = 1: expected a number of at least 0 and below 1
          rows.minHistory=11                    | rows: minHistory 11 is above history 10: no row is left
          training.warmUp=1                     | training.warmUp = 1: expected a number of at least 0 and below 1
          training.floor=2                      | training.floor = 2: expected a number of at least 0 and at most 1
          training.stepz=2                      | training.stepz: unknown key; did you mean training.steps?
          """)
  void refused(String words, String message) {
    List<String> all = new ArrayList<>(List.of("data=d", "method=popularity"));
    all.addAll(List.of(words.split(" ")));
    ConfigException refusal =
        assertThrows(ConfigException.class, () -> Config.bind(Recipe.class, all));
    assertEquals(List.of("command line: " + message), refusal.mistakes());
  }
}
