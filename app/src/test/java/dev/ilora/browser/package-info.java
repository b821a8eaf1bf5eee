/**
 * The report in a real browser: {@code scripts/check-report} runs {@link
 * dev.ilora.browser.CheckReport}, which opens the page in Chromium at desktop and phone width,
 * light and dark, over the browser's own protocol for tools.
 */
package dev.ilora.browser;
