/**
 * The agent in prefork.jar, which the JVM of a worker starts before the program. It alone can be
 * loaded by a JVM of any age that may meet it: below a wrapper nobody knows which that will be.
 */
package dev.prefork.agent;
