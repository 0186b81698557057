package io.walrus.it.cluster;

import io.walrus.it.process.Wire;
import java.io.IOException;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;

/** What the mix does to a cluster, each with its healing. */
enum MixFault {
    KILL {
        @Override
        void hurt(HurtCluster cluster, Random random) {
            int victim = victim(cluster, random);
            cluster.kill(victim);
            hold(500, 4_000, random);
            cluster.launch(victim);
            cluster.awaitReady(victim);
        }
    },
    KILL_TWICE {
        @Override
        void hurt(HurtCluster cluster, Random random) {
            int victim = victim(cluster, random);
            for (int i = 0; i < 2; i++) {
                cluster.kill(victim);
                cluster.launch(victim);
                hold(100, 1_500, random);
            }
            cluster.awaitReady(victim);
        }
    },
    PAUSE {
        @Override
        void hurt(HurtCluster cluster, Random random) throws IOException {
            int victim = victim(cluster, random);
            cluster.pause(victim);
            hold(300, 4_500, random);
            cluster.resume(victim);
        }
    },
    CUT_BOTH_WAYS {
        @Override
        void hurt(HurtCluster cluster, Random random) {
            int victim = victim(cluster, random);
            cluster.cutIn(victim);
            cluster.cutOut(victim);
            hold(1_000, 4_000, random);
            cluster.heal();
        }
    },
    CUT_IN {
        @Override
        void hurt(HurtCluster cluster, Random random) {
            cluster.cutIn(victim(cluster, random));
            hold(1_000, 4_000, random);
            cluster.heal();
        }
    },
    CUT_OUT {
        @Override
        void hurt(HurtCluster cluster, Random random) {
            cluster.cutOut(victim(cluster, random));
            hold(1_000, 4_000, random);
            cluster.heal();
        }
    },
    SLOW {
        @Override
        void hurt(HurtCluster cluster, Random random) {
            cluster.delay(1 + random.nextInt(60));
            hold(1_000, 3_000, random);
            cluster.heal();
        }
    },
    RESET {
        @Override
        void hurt(HurtCluster cluster, Random random) {
            for (int i = 0; i < 5; i++) {
                cluster.resetAll();
                hold(20, 300, random);
            }
        }
    },
    ROLLING_RESTART {
        @Override
        void hurt(HurtCluster cluster, Random random) {
            for (int id : cluster.ids()) {
                cluster.terminate(id);
                cluster.launch(id);
                cluster.awaitReady(id);
            }
        }
    },
    ALL_KILLED_TWICE {
        @Override
        void hurt(HurtCluster cluster, Random random) {
            for (int i = 0; i < 2; i++) {
                cluster.ids().forEach(cluster::kill);
                cluster.ids().forEach(cluster::launch);
                cluster.ids().forEach(cluster::awaitReady);
            }
        }
    },
    /**
     * One more node joins, and leaves at once: by then it may have been given segments, which only
     * it holds, so that it may not leave and stays. A node that has left comes back the next time.
     */
    JOIN_AND_LEAVE {
        @Override
        void hurt(HurtCluster cluster, Random random) throws IOException {
            int members = cluster.ids().size();
            if (members < MEMBERS_MAX) {
                int joiner = members + 1;
                cluster.add(joiner);
                drainAndLeave(cluster, joiner);
            } else {
                drainAndLeave(cluster, members);
            }
        }
    },
    /** A node hands over, stays empty-handed for a while, and is refused to leave with its data. */
    DRAIN {
        @Override
        void hurt(HurtCluster cluster, Random random) throws IOException {
            int victim = victim(cluster, random);
            drain(cluster, victim);
            hold(500, 2_000, random);
            ask(cluster, victim, "UNDRAIN", "OK");
        }
    },
    /** Only where a node has a disk for itself. */
    FULL_DISK {
        @Override
        boolean isPossible(HurtCluster cluster) {
            return cluster.ids().stream().anyMatch(id -> cluster.disk(id).isPresent());
        }

        @Override
        void hurt(HurtCluster cluster, Random random) throws IOException {
            for (int id : cluster.ids()) {
                if (cluster.disk(id).isPresent()) {
                    cluster.disk(id).get().fill();
                    hold(2_000, 5_000, random);
                    cluster.disk(id).get().empty();
                }
            }
        }
    };

    private static final int MEMBERS_MAX = 4;

    private static final int DRAIN_MILLIS_MAX = 40_000;

    private static final long PATIENCE_NANOS = 60_000_000_000L;

    /** Whether the cluster can be hurt like that. */
    boolean isPossible(HurtCluster cluster) {
        return true;
    }

    private static void drainAndLeave(HurtCluster cluster, int id) throws IOException {
        drain(cluster, id);
        String reply = ask(cluster, id, "LEAVE safe", "OK|ERR ONLY_COPY .*");
        if (!reply.equals("OK")) {
            ask(cluster, id, "UNDRAIN", "OK");
        } else if (cluster.awaitLeft(id) != 0) {
            throw new IllegalStateException("node " + id + " left with an error");
        }
    }

    private static void drain(HurtCluster cluster, int id) throws IOException {
        ask(cluster, id, "DRAIN", "OK");
    }

    /** A definite refusal that may pass is tried again, as its code says. */
    private static String ask(HurtCluster cluster, int id, String request, String expected)
            throws IOException {
        long endNanos = System.nanoTime() + PATIENCE_NANOS;
        String reply;
        do {
            try (var wire = new Wire(cluster.clientPort(id), DRAIN_MILLIS_MAX)) {
                reply = wire.ask(request);
            }
        } while (mayPass(request, reply) && System.nanoTime() - endNanos < 0);
        if (!reply.matches(expected)) {
            throw new IllegalStateException(
                    "node %d answered %s by: %s".formatted(id, request, reply));
        }
        return reply;
    }

    private static boolean mayPass(String request, String reply) {
        return reply.startsWith("ERR NO_LEADER ")
                || request.equals("UNDRAIN") && reply.startsWith("ERR UNKNOWN ");
    }

    /** Hurts and heals; returns when nothing is broken any more, though not yet recovered. */
    abstract void hurt(HurtCluster cluster, Random random) throws IOException;

    private static int victim(HurtCluster cluster, Random random) {
        return cluster.ids().get(random.nextInt(cluster.ids().size()));
    }

    private static void hold(int millisMin, int millisMax, Random random) {
        long nanos = (millisMin + random.nextInt(millisMax - millisMin)) * 1_000_000L;
        long endNanos = System.nanoTime() + nanos;
        while (System.nanoTime() - endNanos < 0) {
            LockSupport.parkNanos(endNanos - System.nanoTime());
        }
    }
}
