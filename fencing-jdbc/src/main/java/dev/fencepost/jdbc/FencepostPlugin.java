package dev.fencepost.jdbc;

import dev.fencepost.FencingToken;
import java.sql.Types;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.argument.AbstractArgumentFactory;
import org.jdbi.v3.core.argument.Argument;
import org.jdbi.v3.core.config.ConfigRegistry;
import org.jdbi.v3.core.spi.JdbiPlugin;

/**
 * Lets Jdbi bind a {@link FencingToken} where a statement wants its number: {@code handle.execute("UPDATE ... WHERE last_token < ?", token)}. Install it with {@code jdbi.installPlugin(new FencepostPlugin())}.
 */
public final class FencepostPlugin implements JdbiPlugin {
    /** Creates the plugin. */
    public FencepostPlugin() {}

    @Override
    public void customizeJdbi(Jdbi jdbi) {
        jdbi.registerArgument(new TokenArgumentFactory());
    }

    private static final class TokenArgumentFactory extends AbstractArgumentFactory<FencingToken> {
        TokenArgumentFactory() {
            super(Types.BIGINT);
        }

        @Override
        protected Argument build(FencingToken token, ConfigRegistry config) {
            return (position, statement, context) -> statement.setLong(position, token.value());
        }
    }
}
