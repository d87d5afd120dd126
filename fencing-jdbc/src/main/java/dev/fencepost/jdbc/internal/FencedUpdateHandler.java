package dev.fencepost.jdbc.internal;

import dev.fencepost.FencingToken;
import dev.fencepost.jdbc.FencedRows;
import dev.fencepost.jdbc.FencedRows.FencedUpdate;
import dev.fencepost.jdbc.RowResult;
import dev.fencepost.jdbc.StaleTokenException;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import org.jdbi.v3.core.extension.ExtensionHandler;
import org.jdbi.v3.core.extension.HandleSupplier;
import org.jdbi.v3.sqlobject.customizer.Bind;
import org.jspecify.annotations.Nullable;

/** Does what a {@link FencedUpdate} says. Jdbi makes one for each method. */
public final class FencedUpdateHandler implements ExtensionHandler.Simple {
    private final Method method;
    private final FencedRows rows;
    private final FencedRows.Kind kind;
    private final List<String> names = new ArrayList<>();
    private final int token;

    /**
     * Looks at the method.
     *
     * @param type the SQL Object
     * @param method the method
     * @throws IllegalArgumentException if the method cannot be such a write
     */
    public FencedUpdateHandler(Class<?> type, Method method) {
        FencedUpdate update = Objects.requireNonNull(method.getAnnotation(FencedUpdate.class));
        this.method = method;
        this.rows = new FencedRows(update.schema(), update.table(), update.key(), update.token(), update.remembering());
        this.kind = update.kind();
        int found = -1;
        for (Parameter parameter : method.getParameters()) {
            if (parameter.getType() == FencingToken.class) {
                require(found < 0, "has two tokens");
                found = names.size();
            }
            names.add(nameOf(parameter));
        }
        this.token = found;
        require(found >= 0, "has no parameter of type FencingToken");
        require(names.contains(rows.key()), "has no parameter for the key '" + rows.key() + "'");
        require(
                method.getReturnType() == void.class || method.getReturnType() == RowResult.class,
                "must return void or RowResult");
    }

    private String nameOf(Parameter parameter) {
        Bind bind = parameter.getAnnotation(Bind.class);
        if (bind != null && !bind.value().isEmpty()) {
            return bind.value();
        }
        require(
                parameter.isNamePresent(),
                "has a parameter without a name: give it @Bind, or compile with -parameters");
        return parameter.getName();
    }

    private void require(boolean sound, String problem) {
        if (!sound) {
            throw new IllegalArgumentException("the @FencedUpdate method " + method + " " + problem);
        }
    }

    @Override
    public @Nullable Object invoke(HandleSupplier handles, @Nullable Object... arguments) {
        FencingToken writer = (FencingToken) Objects.requireNonNull(arguments[token], "token");
        Object key = Objects.requireNonNull(arguments[names.indexOf(rows.key())], rows.key());
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        for (int i = 0; i < arguments.length; i++) {
            if (i != token && !names.get(i).equals(rows.key())) {
                values.put(names.get(i), arguments[i]);
            }
        }
        RowResult result = RowStatements.trip(
                        handles.getHandle(), rows, List.of(new FencedRows.Write(kind, writer, key, values)))
                .get(0);
        if (result instanceof RowResult.Stale stale) {
            throw new StaleTokenException(writer, FencingToken.of(writer.resource(), stale.rowToken()));
        }
        if (method.getReturnType() == RowResult.class) {
            return result;
        }
        if (result instanceof RowResult.NoSuchRow || result instanceof RowResult.RowExists) {
            throw new NoSuchElementException("no row of " + rows.schema() + "." + rows.table() + " with " + rows.key()
                    + " " + key + " could be written: " + result);
        }
        return null;
    }
}
