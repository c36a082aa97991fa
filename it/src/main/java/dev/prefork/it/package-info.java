/** Tests with real processes, a real Node and real servers: see src/test. */
package dev.prefork.it;
