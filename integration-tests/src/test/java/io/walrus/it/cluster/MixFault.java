package io.walrus.it.cluster;

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
    };

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
