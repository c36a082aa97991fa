package dev.prefork;

import java.util.OptionalLong;

/**
 * What the primary has counted at one address; see {@link Cluster#listenerStats}. A snapshot.
 *
 * @param address where it is
 * @param workers how many listen on it
 * @param accepted how many connections the primary has accepted there since the address was opened;
 *     empty where the workers accept themselves, as under NONE and REUSE_PORT
 * @param queued how many of these no worker has been handed yet; what waits in the system's own
 *     queue is not among them
 */
public record ListenerStats(
        ListeningAddress address, int workers, OptionalLong accepted, int queued) {}
