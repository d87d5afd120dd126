/** Quorum locks with fencing tokens: the API and the algorithm, without any server. */
module dev.fencepost.core {
    requires static transitive org.jspecify;
    requires org.slf4j;

    exports dev.fencepost;
    exports dev.fencepost.spi;
}
