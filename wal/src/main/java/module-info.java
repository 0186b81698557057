/** The log engine and its tools. Needs the JDK only. */
module io.walrus.wal {
    exports io.walrus.wal;
    exports io.walrus.wal.tool;
}
