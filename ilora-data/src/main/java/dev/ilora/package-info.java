/** Instance-wise LoRA for sequential recommendation: one package a step of the data's way. */
package dev.ilora;
