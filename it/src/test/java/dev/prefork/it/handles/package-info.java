/** Sockets that travel with messages, between Java processes and to and from real Node ones. */
package dev.prefork.it.handles;
