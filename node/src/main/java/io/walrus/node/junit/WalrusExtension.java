package io.walrus.node.junit;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.walrus.client.WalrusClient;
import io.walrus.node.LocalCluster;
import io.walrus.node.NodeOptions;
import io.walrus.node.WalrusNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Real nodes in the test's own process, on free ports and a temporary directory that is removed.
 *
 * <pre>{@code
 * @RegisterExtension static final WalrusExtension WALRUS = WalrusExtension.nodes(3);
 *
 * @Test
 * void ordersAreKept(WalrusClient client) { … }
 * }</pre>
 *
 * <p>As a static field, one cluster serves all tests of the class; as an instance field, each test
 * has its own. Durability is that of a node, {@code each}, unless the options say otherwise. A
 * cluster that does not start fails the test with the reason. Not for tests that run in parallel on
 * one instance field.
 */
public final class WalrusExtension
        implements BeforeAllCallback,
                BeforeEachCallback,
                AfterEachCallback,
                AfterAllCallback,
                ParameterResolver {

    private static final long START_SECONDS_MAX = 90;
    private static final long STOP_SECONDS_MAX = 30;

    private final int size;
    private final Consumer<NodeOptions.Draft> change;

    private boolean forTheClass;
    private Vertx vertx;
    private Path dir;
    private LocalCluster cluster;

    private WalrusExtension(int size, Consumer<NodeOptions.Draft> change) {
        this.size = size;
        this.change = change;
    }

    /** So many nodes with default options; one is enough unless the test is about several. */
    public static WalrusExtension nodes(int size) {
        return new WalrusExtension(size, draft -> {});
    }

    /** The same with other options: {@code with(draft -> draft.segmentEntriesMax = 10)}. */
    public WalrusExtension with(Consumer<NodeOptions.Draft> further) {
        return new WalrusExtension(size, change.andThen(further));
    }

    /** A client of the first node, without a connection; it ends with the cluster. */
    public WalrusClient client() {
        return node(1).client();
    }

    /** A node by its id, from 1. */
    public WalrusNode node(int id) {
        if (id < 1 || id > size) {
            throw new IllegalArgumentException("expected a node from 1 to " + size + ", got " + id);
        }
        return running().nodes().get(id - 1);
    }

    /** Where clients connect to, as {@code host:port,host:port}. */
    public String addresses() {
        return running().addresses();
    }

    /** The Vert.x that the nodes run on, for the test's own use too. */
    public Vertx vertx() {
        running();
        return vertx;
    }

    private LocalCluster running() {
        if (cluster == null) {
            throw new IllegalStateException(
                    "expected to be asked during a test, the cluster is not there yet or any more;"
                            + " is the field annotated with @RegisterExtension?");
        }
        return cluster;
    }

    @Override
    public void beforeAll(ExtensionContext context) throws IOException {
        forTheClass = true;
        start();
    }

    @Override
    public void beforeEach(ExtensionContext context) throws IOException {
        if (!forTheClass) {
            start();
        }
    }

    @Override
    public void afterEach(ExtensionContext context) throws IOException {
        if (!forTheClass) {
            stop();
        }
    }

    @Override
    public void afterAll(ExtensionContext context) throws IOException {
        stop();
    }

    private void start() throws IOException {
        dir = Files.createTempDirectory("walrus-test-");
        vertx = Vertx.vertx();
        try {
            LocalCluster fresh = LocalCluster.create(vertx, dir, size, 0, change);
            await(fresh.start(), START_SECONDS_MAX);
            cluster = fresh;
        } catch (IOException | RuntimeException failed) {
            stop();
            throw failed;
        }
    }

    private void stop() throws IOException {
        try {
            if (cluster != null) {
                await(cluster.stop(), STOP_SECONDS_MAX);
            }
        } finally {
            cluster = null;
            await(vertx.close(), STOP_SECONDS_MAX);
            remove(dir);
        }
    }

    private static void remove(Path dir) throws IOException {
        try (Stream<Path> all = Files.walk(dir)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    private static <T> T await(Future<T> future, long seconds) {
        return future.timeout(seconds, TimeUnit.SECONDS)
                .toCompletionStage()
                .toCompletableFuture()
                .join();
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == WalrusClient.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return client();
    }
}
