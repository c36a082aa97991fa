/** Listening in every form that Node has, and datagrams. */
package dev.prefork.it.listen;
