package dev.prefork;

/**
 * What became of a worker's wish to listen: its bind has failed.
 *
 * @param address where it wanted to listen
 * @param code why, as Node names it: EADDRINUSE, EACCES, EADDRNOTAVAIL, …; EMFILE when the primary
 *     has no descriptor left
 */
public record ListenRefusal(ListeningAddress address, String code) {}
