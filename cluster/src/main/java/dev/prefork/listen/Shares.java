package dev.prefork.listen;

import dev.prefork.posix.PortSteering;

import java.util.Arrays;
import java.util.List;

/**
 * Which socket has which share of all senders: as many as the others, and a share moves only when
 * it must. One that joins takes its part from the others; what one leaves others have until it is
 * back.
 */
final class Shares {
    private static final int NOBODY = -1;

    /** Whose it is, here or not. */
    private final int[] owner = new int[PortSteering.SHARES];

    /** Where it goes. */
    private final int[] host = new int[PortSteering.SHARES];

    private int owners;

    Shares() {
        Arrays.fill(owner, NOBODY);
        Arrays.fill(host, NOBODY);
    }

    /**
     * Where each share goes from now on.
     *
     * @param sockets how many there are; their numbers are from 0
     * @param served the numbers of those that get some, one at least
     */
    int[] among(int sockets, List<Integer> served) {
        while (owners < sockets) {
            join(owners++);
        }
        boolean[] isServed = new boolean[sockets];
        served.forEach(number -> isServed[number] = true);
        int[] hosted = new int[sockets];
        for (int share = 0; share < owner.length; share++) {
            if (isServed[owner[share]]) {
                host[share] = owner[share];
            } else if (host[share] != NOBODY && !isServed[host[share]]) {
                host[share] = NOBODY;
            }
            if (host[share] != NOBODY) {
                hosted[host[share]]++;
            }
        }
        for (int share = 0; share < host.length; share++) {
            if (host[share] == NOBODY) {
                host[share] = fewest(served, hosted);
                hosted[host[share]]++;
            }
        }
        return host.clone();
    }

    /** It takes its part, one at a time of whoever has the most. */
    private void join(int number) {
        int[] owned = new int[number + 1];
        for (int share = 0; share < owner.length; share++) {
            if (owner[share] == NOBODY) {
                owner[share] = number;
            }
            owned[owner[share]]++;
        }
        int part = owner.length / (number + 1);
        while (owned[number] < part) {
            int most = 0;
            for (int other = 1; other < number; other++) {
                most = owned[other] > owned[most] ? other : most;
            }
            int share = firstOf(most);
            owner[share] = number;
            owned[most]--;
            owned[number]++;
        }
    }

    private int firstOf(int number) {
        int share = 0;
        while (owner[share] != number) {
            share++;
        }
        return share;
    }

    private static int fewest(List<Integer> served, int[] hosted) {
        int fewest = served.getFirst();
        for (int number : served) {
            fewest = hosted[number] < hosted[fewest] ? number : fewest;
        }
        return fewest;
    }
}
