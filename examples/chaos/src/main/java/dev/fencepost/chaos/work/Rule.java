package dev.fencepost.chaos.work;

import dev.fencepost.spi.HeldLock;
import dev.fencepost.spi.LockNode;
import dev.fencepost.spi.NodeReply;
import dev.fencepost.spi.NodeRequest;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** How a counter is brought to the token: as the protocol says, or without one part of that. */
enum Rule {
    /** By the grant, and then only while the lock is still held there. */
    AS_IT_IS,
    /** By grants that answer with the last of several numbers and take only one: the others are somebody else's, too. */
    ONE_FOR_SEVERAL {
        @Override
        CompletionStage<NodeReply> grant(LockNode node, NodeRequest request, long ttlMillis, long floor) {
            NodeRequest one = new NodeRequest(request.resource(), request.owner(), request.view());
            return node.grant(one, ttlMillis, floor)
                    .thenApply(reply -> reply instanceof NodeReply.Granted granted
                            ? new NodeReply.Granted(granted.token() + request.tokens() - 1)
                            : reply);
        }
    },
    /** Not at all: the maximum of the grants is the token, and nobody is asked whether it is held. */
    NO_CONFIRM {
        @Override
        CompletionStage<NodeReply> raise(LockNode node, NodeRequest request, long token) {
            return CompletableFuture.completedStage(NodeReply.Done.INSTANCE);
        }
    },
    /** Whether or not the lock is still held: a release by somebody who holds nothing does just that to a counter. */
    BLIND_RAISE {
        @Override
        CompletionStage<NodeReply> raise(LockNode node, NodeRequest request, long token) {
            return node.release(new HeldLock(request.resource(), "nobody", token), false)
                    .thenApply(reply -> reply instanceof NodeReply.Unavailable ? reply : NodeReply.Done.INSTANCE);
        }
    };

    CompletionStage<NodeReply> grant(LockNode node, NodeRequest request, long ttlMillis, long floor) {
        return node.grant(request, ttlMillis, floor);
    }

    CompletionStage<NodeReply> raise(LockNode node, NodeRequest request, long token) {
        return node.raise(request, token);
    }
}
