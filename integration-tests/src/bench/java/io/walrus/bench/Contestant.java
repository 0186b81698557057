package io.walrus.bench;

import io.walrus.bench.child.Task;

/**
 * One line of a row's table.
 *
 * @param label how the table calls it; several labels may drive one engine differently
 * @param task what its child does; names the engine
 */
record Contestant(String label, Task task) {
    static Contestant of(String engine, Task task) {
        return new Contestant(engine, task.with("engine", engine));
    }

    Contestant called(String other) {
        return new Contestant(other, task);
    }

    /** Ours are the ones that the aims are about. */
    boolean ours() {
        return label.startsWith("walrus");
    }
}
