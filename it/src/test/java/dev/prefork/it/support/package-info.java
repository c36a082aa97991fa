/**
 * What the tests share: real processes ({@link dev.prefork.it.support.Programs}), clients, and the
 * rules that tests cite.
 */
package dev.prefork.it.support;
