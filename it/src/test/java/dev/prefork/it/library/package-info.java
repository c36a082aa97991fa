/** Programs that use the library, started in every way that there is. */
package dev.prefork.it.library;
