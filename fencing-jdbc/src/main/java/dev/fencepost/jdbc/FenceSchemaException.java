package dev.fencepost.jdbc;

import dev.fencepost.FencepostException;
import java.util.List;

/**
 * What the guard needs in the database is missing, differs from what this version of the library needs, or may not be used by the role that is
 * connected. Nothing was written. The message names each thing that is wrong and what to do.
 */
public final class FenceSchemaException extends FencepostException {
    private static final long serialVersionUID = 1L;

    /** What is wrong, one sentence each; serialisable because it is made by {@code List.copyOf}. */
    @SuppressWarnings("serial") // the declared type is not Serializable, but what List.copyOf returns is
    private final List<String> problems;

    /**
     * Creates the exception of a check.
     *
     * @param problems what is wrong, one sentence each
     */
    public FenceSchemaException(List<String> problems) {
        super(
                Advice.STOP,
                "the schema 'fencepost' is not what the guard needs: " + String.join("; ", problems)
                        + ". Call FenceSchema.migrate(dataSource), or apply the SQL files of dev/fencepost/jdbc/migration");
        this.problems = List.copyOf(problems);
    }

    /**
     * Creates the exception of a statement that failed.
     *
     * @param problem what is wrong, and what to do
     * @param cause what the database said
     */
    public FenceSchemaException(String problem, Throwable cause) {
        super(Advice.STOP, problem, cause);
        this.problems = List.of(problem);
    }

    private FenceSchemaException(String message, List<String> problems) {
        super(Advice.STOP, message);
        this.problems = List.copyOf(problems);
    }

    /**
     * Creates the exception of tables that are not protected as they should be.
     *
     * @param problems what is wrong, one sentence each
     * @return the exception
     */
    public static FenceSchemaException ofTables(List<String> problems) {
        return new FenceSchemaException(
                "tables are not protected as they should be: " + String.join("; ", problems), problems);
    }

    /**
     * What is wrong.
     *
     * @return one sentence for each problem
     */
    public List<String> problems() {
        return problems;
    }
}
