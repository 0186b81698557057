package io.walrus.bench.wire;

import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;

/** Sends back whatever comes, one event loop for each processor: the least that a server can do. */
final class EchoMain extends VerticleBase {
    private NetServer server;

    public static void main(String[] args) {
        Vertx vertx = Vertx.vertx();
        vertx.deployVerticle(EchoMain::new, new DeploymentOptions().setInstances(Runtime.getRuntime().availableProcessors()))
                .onFailure(failure -> {
                    System.err.println(failure);
                    System.exit(1);
                });
    }

    @Override
    public Future<?> start() {
        server = vertx.createNetServer(new NetServerOptions().setHost("127.0.0.1").setPort(-1).setTcpNoDelay(true));
        return server.connectHandler(socket -> socket.handler(socket::write))
                .listen()
                .onSuccess(listening -> System.out.println("clients 127.0.0.1:" + listening.actualPort()));
    }
}
