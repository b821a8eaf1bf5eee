/** Tokenizers; prompts with slots for item embeddings; text about items to pretrain on. */
package dev.ilora.text;
