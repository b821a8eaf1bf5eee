/** Small programs that use the library, and only what it exports. */
module dev.ilora.examples {
  requires dev.ilora;
}
