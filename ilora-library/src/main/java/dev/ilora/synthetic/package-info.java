/**
 * Text made up from a list of English words, to pretrain a general language model on: titles nobody
 * has used, lists of them, instructions whose answer the text determines, and small worlds whose
 * items have vectors. It knows no data set, so that a model taught by it has seen none.
 *
 * <p>{@link dev.ilora.synthetic.GeneratedText} is the stream; everything in it is a function of a
 * seed and a step.
 */
package dev.ilora.synthetic;
