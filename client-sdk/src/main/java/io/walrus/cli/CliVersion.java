package io.walrus.cli;

import picocli.CommandLine;

/** What {@code --version} says: the version in the jar's manifest, where there is one. */
final class CliVersion implements CommandLine.IVersionProvider {

    @Override
    public String[] getVersion() {
        String version = CliVersion.class.getPackage().getImplementationVersion();
        return new String[] {"walrus " + (version == null ? "(not from a jar)" : version)};
    }
}
