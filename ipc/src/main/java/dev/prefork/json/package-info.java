/**
 * JSON as messages are written in it: values of Java to one line of text, and back.
 *
 * <p>Frames and plain messages are streamed ({@link dev.prefork.json.Json}); the application's own
 * types are mapped ({@link dev.prefork.json.Typed}) by the same library, whose mapper is loaded
 * when the first of them is.
 */
package dev.prefork.json;
