/** Tensors on libtorch, and what is computed with them: adapters, decoders, recommenders. */
module dev.ilora.engine {
  requires transitive dev.ilora.data;
  requires org.bytedeco.javacpp;
  requires org.bytedeco.openblas;
  requires org.bytedeco.pytorch;

  exports dev.ilora.adapter;
  exports dev.ilora.gguf;
  exports dev.ilora.llm;
  exports dev.ilora.machine;
  exports dev.ilora.nn;
  exports dev.ilora.recommender;
  exports dev.ilora.tensor;
}
