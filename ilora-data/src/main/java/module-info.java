/**
 * Interaction logs to evaluation cases, and the statistics of their outcomes: pure Java, without
 * native libraries.
 */
module dev.ilora.data {
  requires java.net.http;
  requires transitive tools.jackson.databind;
  requires tools.jackson.dataformat.yaml;
  requires de.siegmar.fastcsv;
  requires dev.hardwood.core;
  requires org.apache.commons.statistics.distribution;

  exports dev.ilora;
  exports dev.ilora.config;
  exports dev.ilora.data;
  exports dev.ilora.data.atomic;
  exports dev.ilora.data.download;
  exports dev.ilora.data.ingest;
  exports dev.ilora.http;
  exports dev.ilora.hub;
  exports dev.ilora.statistics;
  exports dev.ilora.files to
      dev.ilora.engine,
      dev.ilora,
      dev.ilora.bench,
      dev.ilora.app;

  opens dev.ilora.statistics to
      tools.jackson.databind;
}
