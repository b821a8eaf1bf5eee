/**
 * LoRA experts and the gates that mix them.
 *
 * <pre>{@code
 * var config = AdapterConfig.mixture(AdapterConfig.allTargets(), 4, 16, 32, 0.1);
 * Adapters adapters = Adapters.create(config, llama.config().shape(), seed, device);
 * Gate gate = Gate.create(new GateConfig.Linear(), new GateSizes(64, 4, layers), seed, device);
 * ...
 * Tensor weights = gate.weights(sequenceEmbedding, training);          // (B, K)
 * Adaptation adaptation = Adaptation.of(adapters, weights, training);   // for one forward pass
 * }</pre>
 *
 * <p>Plain LoRA is one expert and no gate: {@code AdapterConfig.lora(...)} and {@code
 * Adaptation.of(adapters, batch, training)}. The experts of a mixture share a total rank, so that
 * mixture and plain LoRA have as many weights; ranks may be unequal.
 *
 * <p>{@link dev.ilora.adapter.AdapterFolder} saves and strictly loads adapters in PEFT's layout;
 * {@link dev.ilora.adapter.Gate#save} and {@link dev.ilora.adapter.Gate#load} keep a gate.
 */
package dev.ilora.adapter;
