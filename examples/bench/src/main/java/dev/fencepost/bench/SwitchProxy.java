package dev.fencepost.bench;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;

/**
 * A way to a server that can be made bad: slow, or swallowing all bytes while connections stay open, as a network does that drops packets. One thread.
 */
final class SwitchProxy implements AutoCloseable {
    private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final ChannelGroup open = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
    private final int target;
    private final Channel listener;
    private volatile boolean swallowing;
    private volatile long delayMillis;

    SwitchProxy(int target) {
        this.target = target;
        this.listener = new ServerBootstrap()
                .group(group)
                .channel(NioServerSocketChannel.class)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.AUTO_READ, false)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel client) {
                        join(client);
                    }
                })
                .bind(InetAddress.getLoopbackAddress(), 0)
                .syncUninterruptibly()
                .channel();
    }

    String uri() {
        return "redis://127.0.0.1:" + ((InetSocketAddress) listener.localAddress()).getPort();
    }

    /** Whether what arrives from now on is lost. Connections that have lost anything are of no use any more, and are cut when this ends. */
    void swallow(boolean all) {
        if (swallowing && !all) {
            open.close().awaitUninterruptibly();
        }
        swallowing = all;
    }

    /** How much later answers arrive. */
    void delay(Duration delay) {
        delayMillis = delay.toMillis();
    }

    @Override
    public void close() {
        listener.close().syncUninterruptibly();
        open.close().awaitUninterruptibly();
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }

    private void join(Channel client) {
        open.add(client);
        new Bootstrap()
                .group(client.eventLoop())
                .channel(NioSocketChannel.class)
                .option(ChannelOption.TCP_NODELAY, true)
                .handler(new Forward(client, true))
                .connect(InetAddress.getLoopbackAddress(), target)
                .addListener((ChannelFutureListener) connected -> {
                    if (!connected.isSuccess()) {
                        var unused = client.close();
                        return;
                    }
                    open.add(connected.channel());
                    client.pipeline().addLast(new Forward(connected.channel(), false));
                    client.config().setAutoRead(true);
                });
    }

    /** Hands on what arrives on one side to the other. */
    private final class Forward extends ChannelInboundHandlerAdapter {
        private final Channel to;
        private final boolean answers;
        /** What is held up, in order. Whatever is due sends the first: of two that are due at one moment, either may come first. Touched by the proxy's thread alone. */
        private final Deque<Object> heldUp = new ArrayDeque<>();

        private long lastDueNanos = System.nanoTime();

        Forward(Channel to, boolean answers) {
            this.to = to;
            this.answers = answers;
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object bytes) {
            if (swallowing) {
                ReferenceCountUtil.release(bytes);
                return;
            }
            long now = System.nanoTime();
            long due = answers ? Math.max(lastDueNanos, now + TimeUnit.MILLISECONDS.toNanos(delayMillis)) : now;
            if (due > now || !heldUp.isEmpty()) {
                lastDueNanos = due;
                heldUp.add(bytes);
                var unused = to.eventLoop().schedule(() -> send(heldUp.remove()), due - now, TimeUnit.NANOSECONDS);
            } else {
                send(bytes);
            }
        }

        private void send(Object bytes) {
            var unused = to.writeAndFlush(bytes);
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            var unused = to.close();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            var unused = context.close();
        }
    }
}
