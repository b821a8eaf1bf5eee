/**
 * The decoder of language models: Llama and the families that are like it, see {@link
 * dev.ilora.llm.Family}.
 *
 * <pre>{@code
 * Llama llama = Llama.load(folder, Device.CPU, DType.F32);
 * try (var scope = Scope.open()) {
 *   Tensor embeddings = llama.embed(tokens);                       // (B, T, C), right-padded
 *   Tensor hidden = llama.hidden(embeddings, Attention.causal(), Adaptation.NONE);
 *   Tensor logits = llama.logits(hidden);                          // (B, T, V)
 * }
 * }</pre>
 *
 * <p>Sequences of a batch may have different lengths: pad them on the right with any token. Under
 * causal attention padding never reaches a real token, so no mask is needed; only what comes out at
 * padding must be ignored. {@link dev.ilora.llm.Attention} says how tokens see each other:
 * causally, along a tree of continuations, or through a {@link dev.ilora.llm.KvCache}. Where logits
 * of a few positions are enough (training on answers), {@link dev.ilora.llm.Llama#hiddenAt} saves
 * most of the last layer and of the head.
 *
 * <p>Adapters and their expert weights are given to each pass as an {@link
 * dev.ilora.adapter.Adaptation}; the decoder keeps no state between passes. A cache belongs to one
 * base model, adapter and set of expert weights.
 */
package dev.ilora.llm;
