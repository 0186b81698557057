package io.walrus.wal;

/** When an append that is in place may be acknowledged: the fsync policy at work. */
interface Acks {

    /**
     * The frame just written may be acknowledged and shown at once. Called under the stream's lock;
     * {@code firstOffset} is the frame's; if false, {@link #submit} follows under the same lock.
     */
    boolean atOnce(Stream stream, long firstOffset);

    /**
     * Queues what must wait for the disk. Those of one stream become visible, and are settled, in
     * the order of their submission. Never blocks.
     */
    void submit(Pending pending);
}
