/** The only caller of libtorch: tensors, scopes, devices, dtypes, safetensors. */
package dev.ilora.tensor;
