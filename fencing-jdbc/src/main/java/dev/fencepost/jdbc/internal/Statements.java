package dev.fencepost.jdbc.internal;

import java.util.List;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jdbi.v3.core.statement.TemplateEngine;
import org.jspecify.annotations.Nullable;

/** Jdbi's statements as the guard uses them: the text is the SQL, whatever templates the application has. */
final class Statements {
    private Statements() {}

    /** Binds what stands for the question marks from one position on, as Jdbi binds it. */
    static <S extends SqlStatement<S>> S bind(S statement, int from, List<? extends @Nullable Object> arguments) {
        statement.setTemplateEngine(TemplateEngine.NOP);
        for (int i = 0; i < arguments.size(); i++) {
            statement.bind(from + i, arguments.get(i));
        }
        return statement;
    }
}
