/** {@code prefork run} and programs that know nothing of it. */
package dev.prefork.it.run;
