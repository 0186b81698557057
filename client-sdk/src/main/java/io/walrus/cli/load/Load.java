package io.walrus.cli.load;

import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.walrus.client.WalrusClientOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/** One load: starts its sessions, waits for the last reply, and reports. */
public final class Load {

    private final Vertx vertx;
    private final WalrusClientOptions clientOptions;
    private final LoadOptions options;
    private final LongSupplier nanoClock;
    private final Account account;
    private final Taken taken;
    private final LongAdder entriesSoFar = new LongAdder();

    /** A load that runs on that Vert.x, with clients of those options. */
    public Load(
            Vertx vertx,
            WalrusClientOptions clientOptions,
            LoadOptions options,
            LongSupplier nanoClock) {
        this.vertx = vertx;
        this.clientOptions = clientOptions;
        this.options = options;
        this.nanoClock = nanoClock;
        this.account =
                new Account(
                        EntryStamp.run(ThreadLocalRandom.current().nextInt()), options.clients());
        this.taken = new Taken(options.clients());
    }

    /** Appends entries until the time or the number is reached. */
    public Future<LoadReport> put() {
        return run(new PutOperation(options, account));
    }

    /** Takes entries until the time or the number is reached, or the topic is empty. */
    public Future<LoadReport> get() {
        return run(new GetOperation(options, taken));
    }

    /** How many entries were answered so far; any thread. */
    public long entriesSoFar() {
        return entriesSoFar.sum();
    }

    /** What became of each entry; complete when the load is over. */
    public Account account() {
        return account;
    }

    /** What was taken, if an account is kept; complete when the load is over. */
    public Taken taken() {
        return taken;
    }

    private Future<LoadReport> run(Operation operation) {
        List<Future<?>> started = new ArrayList<>();
        List<SessionVerticle> sessions = new ArrayList<>();
        for (int number = 0; number < options.clients(); number++) {
            SessionVerticle session =
                    new SessionVerticle(
                            number, options, clientOptions, operation, nanoClock, entriesSoFar);
            sessions.add(session);
            started.add(vertx.deployVerticle(session, new DeploymentOptions()));
        }
        return Future.all(started)
                .compose(all -> Future.join(sessions.stream().map(SessionVerticle::ended).toList()))
                .map(all -> LoadReport.of(sessions));
    }
}
