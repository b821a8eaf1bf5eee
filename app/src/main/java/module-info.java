/** The program {@code ilora}: its commands and the HTML report. */
module dev.ilora.app {
  requires dev.ilora;
  requires dev.ilora.bench;
  requires info.picocli;
  requires java.logging;
  requires java.management;
  requires jdk.management;

  opens dev.ilora.cli to
      info.picocli;
}
