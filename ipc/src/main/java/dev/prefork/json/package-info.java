/**
 * JSON as messages are written in it: values of Java to one line of text, and back.
 *
 * <p>Frames and plain messages are streamed ({@link dev.prefork.json.Json}); the application's own
 * types are mapped by a library, which is loaded when the first of them is.
 */
package dev.prefork.json;
