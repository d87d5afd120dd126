package dev.fencepost.chaos.work;

import dev.fencepost.FencingToken;
import dev.fencepost.jdbc.FenceGuard;
import java.util.ArrayList;
import java.util.List;
import org.jdbi.v3.core.HandleCallback;
import org.jdbi.v3.core.HandleConsumer;
import org.jdbi.v3.core.Jdbi;

/** How a worker reads what it is going to change, and changes it: each in a transaction of its own, under one token or several. */
interface Guarding {
    /** Reads under tokens. */
    <T> T read(List<FencingToken> tokens, HandleCallback<T, RuntimeException> work);

    /** Writes under tokens. */
    void write(List<FencingToken> tokens, HandleConsumer<RuntimeException> work);

    /** Writes what must not be written twice, however often it is tried. */
    void writeOnce(FencingToken token, HandleConsumer<RuntimeException> work);

    /** Everything claims first. */
    static Guarding full(FenceGuard guard) {
        return new Guarding() {
            @Override
            public <T> T read(List<FencingToken> tokens, HandleCallback<T, RuntimeException> work) {
                List<T> read = new ArrayList<>();
                write(tokens, handle -> read.add(work.withHandle(handle)));
                return read.get(0);
            }

            @Override
            public void write(List<FencingToken> tokens, HandleConsumer<RuntimeException> work) {
                if (tokens.size() == 1) {
                    guard.write(tokens.get(0), work);
                } else {
                    guard.writeAll(tokens, work);
                }
            }

            @Override
            public void writeOnce(FencingToken token, HandleConsumer<RuntimeException> work) {
                guard.writeOnce(token, work);
            }
        };
    }

    /** Nobody claims. */
    static Guarding none(Jdbi jdbi) {
        return new Guarding() {
            @Override
            public <T> T read(List<FencingToken> tokens, HandleCallback<T, RuntimeException> work) {
                return jdbi.inTransaction(work);
            }

            @Override
            public void write(List<FencingToken> tokens, HandleConsumer<RuntimeException> work) {
                jdbi.useTransaction(work);
            }

            @Override
            public void writeOnce(FencingToken token, HandleConsumer<RuntimeException> work) {
                jdbi.useTransaction(work);
            }
        };
    }

    /** Only writes claim, and so what was read before may be old. */
    static Guarding ofWritesAlone(FenceGuard guard, Jdbi jdbi) {
        return mixed(none(jdbi), full(guard), false);
    }

    /** Everything claims, but with the number alone: whoever has the same number is taken for the same holder. */
    static Guarding withoutOwners(FenceGuard guard) {
        return mixed(full(guard), full(guard), true);
    }

    private static Guarding mixed(Guarding reading, Guarding writing, boolean nameless) {
        return new Guarding() {
            @Override
            public <T> T read(List<FencingToken> tokens, HandleCallback<T, RuntimeException> work) {
                return reading.read(shown(tokens), work);
            }

            @Override
            public void write(List<FencingToken> tokens, HandleConsumer<RuntimeException> work) {
                writing.write(shown(tokens), work);
            }

            @Override
            public void writeOnce(FencingToken token, HandleConsumer<RuntimeException> work) {
                writing.writeOnce(shown(List.of(token)).get(0), work);
            }

            private List<FencingToken> shown(List<FencingToken> tokens) {
                return nameless
                        ? tokens.stream()
                                .map(token -> FencingToken.of(token.resource(), token.value()))
                                .toList()
                        : tokens;
            }
        };
    }
}
