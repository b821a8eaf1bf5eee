/** Personalised language-model recommenders: train, evaluate, load and ask them. */
module dev.ilora {
  requires transitive dev.ilora.engine;
  requires ai.djl.tokenizers;

  exports dev.ilora.compare;
  exports dev.ilora.convert;
  exports dev.ilora.evaluate;
  exports dev.ilora.experiment;
  exports dev.ilora.hybrid;
  exports dev.ilora.inspect;
  exports dev.ilora.pretrain;
  exports dev.ilora.prompt;
  exports dev.ilora.recommend;
  exports dev.ilora.runs;
  exports dev.ilora.study;
  exports dev.ilora.synthetic;
  exports dev.ilora.chat;
  exports dev.ilora.tokenizer;
  exports dev.ilora.train;

  opens dev.ilora.compare to
      tools.jackson.databind;
  opens dev.ilora.inspect to
      tools.jackson.databind;
  opens dev.ilora.recommend to
      tools.jackson.databind;
  opens dev.ilora.runs to
      tools.jackson.databind;
}
