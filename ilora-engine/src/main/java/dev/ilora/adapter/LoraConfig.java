package dev.ilora.adapter;

/**
 * What an {@code adapter_config.json} of LoRA says.
 *
 * @param declared rank and alpha of modules without their own, and the projections that are adapted
 *     in some layer
 * @param targets the adapted modules
 * @param ranks of modules, one by one; of a mixture the sum of its experts'
 * @param alphas of modules, one by one
 */
record LoraConfig(
    AdapterConfig declared, PeftTargets targets, PeftPattern ranks, PeftPattern alphas) {

  int rank(LoraModule module) {
    return (int) ranks.of(module);
  }

  /** What a module's update is multiplied by. */
  double scale(LoraModule module) {
    AdapterConfig own =
        AdapterConfig.lora(declared.targets(), rank(module), alphas.of(module), 0)
            .in(declared.form());
    return own.scale(rank(module));
  }

  /** Whether all modules have the same rank and alpha. */
  boolean isEven() {
    return ranks.isEmpty() && alphas.isEmpty();
  }
}
