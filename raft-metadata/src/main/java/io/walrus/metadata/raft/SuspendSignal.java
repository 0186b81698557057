package io.walrus.metadata.raft;

import java.lang.reflect.Method;
import java.util.function.Supplier;

/**
 * Keeps SIGUSR2 for the JVM, which stops threads with it when a flight recording samples them.
 * JRaft takes it when its node is loaded, and at each sample would then write files about itself
 * into the working directory, while the recording stays without samples.
 *
 * <p>By reflection, because the compiler warns of the class for signals and cannot be told not to.
 */
final class SuspendSignal {

    private static final System.Logger LOG = System.getLogger(SuspendSignal.class.getName());
    private static final String NAME = "USR2";

    private SuspendSignal() {}

    /** Whatever {@code load} does with the signal, it is the JVM's again afterwards. */
    static synchronized <T> T keptWhile(Supplier<T> load) {
        Object jvms = exchange(null);
        try {
            return load.get();
        } finally {
            if (jvms != null) {
                exchange(jvms);
            }
        }
    }

    /**
     * Puts a handler in place, one that ignores the signal for null.
     *
     * @return the one before; null if this JVM does not let us
     */
    private static Object exchange(Object next) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Method handle = signal.getMethod("handle", signal, handler);
            Object put = next == null ? handler.getField("SIG_IGN").get(null) : next;
            return handle.invoke(null, signal.getConstructor(String.class).newInstance(NAME), put);
        } catch (ReflectiveOperationException refused) {
            LOG.log(System.Logger.Level.DEBUG, "flight recordings will have no samples", refused);
            return null;
        }
    }
}
