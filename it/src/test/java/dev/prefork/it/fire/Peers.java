package dev.prefork.it.fire;

import java.util.List;

/** Our command and those it is put beside, in the order of the table. */
final class Peers {
    private Peers() {}

    static List<Peer> all() {
        return List.of(
                new PreforkPeer(),
                new NginxPeer(),
                new NodePeer(),
                new Pm2Peer(),
                new GunicornPeer(),
                new PumaPeer());
    }
}
