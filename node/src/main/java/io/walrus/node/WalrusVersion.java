package io.walrus.node;

/** The version of the code that runs, from the jar's manifest. */
final class WalrusVersion {

    private WalrusVersion() {}

    static String current() {
        String version = WalrusVersion.class.getPackage().getImplementationVersion();
        return version == null ? "dev" : version;
    }
}
