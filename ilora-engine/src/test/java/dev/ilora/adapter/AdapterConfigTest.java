package dev.ilora.adapter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class AdapterConfigTest {
  private static final Set<Projection> ALL = AdapterConfig.allTargets();

  private static void refused(String message, Executable work) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, work).getMessage());
  }

  @Test
  void sharesATotalRankAmongExperts() {
    AdapterConfig config = AdapterConfig.mixture(ALL, 4, 16, 32, 0.1);
    assertEquals(List.of(4, 4, 4, 4), config.ranks());
    assertEquals(16, config.totalRank());
    assertEquals(7, config.targets().size());
    assertEquals(1, AdapterConfig.lora(ALL, 16, 32, 0).experts());
  }

  @Test
  void refusesImpossibleValues() {
    refused(
        "targets: expected at least one projection, got none",
        () -> AdapterConfig.lora(Set.of(), 16, 32, 0));
    refused(
        "total rank 16 is not a multiple of 3 experts: list the ranks to make them unequal",
        () -> AdapterConfig.mixture(ALL, 3, 16, 32, 0));
    refused(
        "experts: expected 1 to 16, got 17",
        () -> new AdapterConfig(ALL, Collections.nCopies(17, 1), 32, 0));
    refused(
        "rank of an expert: expected 1 to 1024, got 0",
        () -> new AdapterConfig(ALL, List.of(4, 0), 32, 0));
    refused(
        "alpha: expected a positive number of at most 1000000.0, got 0.0",
        () -> AdapterConfig.lora(ALL, 16, 0, 0));
    refused(
        "dropout: expected 0 <= dropout < 1, got 1.0", () -> AdapterConfig.lora(ALL, 16, 32, 1));
    refused(
        "projection 'c_attn' is unknown: expected one of q_proj, k_proj, v_proj, o_proj, gate_proj,"
            + " up_proj, down_proj",
        () -> Projection.named("c_attn"));
  }
}
