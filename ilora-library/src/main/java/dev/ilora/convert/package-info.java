/** Language models from one file format to another: Hugging Face folders and GGUF files. */
package dev.ilora.convert;
