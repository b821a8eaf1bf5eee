/**
 * Chat templates of language models: what a model was taught to read around each message.
 *
 * <p>Templates are written in Jinja. {@link dev.ilora.chat.ChatTemplate} reads the part of it that
 * templates of models use and refuses the rest by name, because a template that is rendered wrongly
 * makes a model worse without a word. What is rendered is compared with what jinja2 gives, byte by
 * byte.
 */
package dev.ilora.chat;
