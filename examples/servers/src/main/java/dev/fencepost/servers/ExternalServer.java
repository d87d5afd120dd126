package dev.fencepost.servers;

import java.util.OptionalLong;

/** A server that somebody else runs: it can be used, and nothing can be done to its process. */
abstract class ExternalServer implements Server {
    private final String host;
    private final int port;

    ExternalServer(String host, int port) {
        this.host = host;
        this.port = port;
    }

    @Override
    public final String host() {
        return host;
    }

    @Override
    public final int port() {
        return port;
    }

    @Override
    public final OptionalLong pid() {
        return OptionalLong.empty();
    }

    @Override
    public final void kill() {
        throw impossible("kill");
    }

    @Override
    public final void pause() {
        throw impossible("pause");
    }

    @Override
    public final void resume() {
        throw impossible("resume");
    }

    @Override
    public final void restart() {
        throw impossible("restart");
    }

    final UnsupportedOperationException impossible(String verb) {
        return new UnsupportedOperationException("cannot " + verb + " the server at " + host + ":" + port
                + ", which was given from outside: run this with " + Provision.SETTING + " = embedded or docker");
    }
}
