/** Speed and memory of ilora, beside plain matrix products and the reference style. */
module dev.ilora.bench {
  requires transitive dev.ilora;
  requires java.sql;

  exports dev.ilora.bench;
}
