package org.bucketkeeper.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.bucketkeeper.config.Endpoint;
import org.bucketkeeper.redis.RedisAddress.Encryption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RedisAddressTest {

    @Test
    void aHostIsEnough() {
        assertThat(RedisAddress.parse("redis://redis_1"))
                .isEqualTo(
                        new RedisAddress(List.of(new Endpoint("redis_1", 6379)), null, null, null, 0, Encryption.NONE));
    }

    @Test
    void everyPartIsUnderstood() {
        assertThat(RedisAddress.parse("rediss://bob:a%40b%23c+d@redis:7000/3"))
                .isEqualTo(new RedisAddress(
                        List.of(new Endpoint("redis", 7000)), null, "bob", "a@b#c+d", 3, Encryption.TLS));
    }

    @Test
    void aPasswordNeedsNoUser() {
        RedisAddress address = RedisAddress.parse("redis://:secret@[::1]:7000/");

        assertThat(address.endpoints()).containsExactly(new Endpoint("::1", 7000));
        assertThat(address.user()).isNull();
        assertThat(address.password()).isEqualTo("secret");
    }

    @Test
    void sentinelsLeadToAPrimary() {
        assertThat(RedisAddress.parse("redis-sentinel://u:p@s1,s2:26380/2#main"))
                .isEqualTo(new RedisAddress(
                        List.of(new Endpoint("s1", 26379), new Endpoint("s2", 26380)),
                        "main",
                        "u",
                        "p",
                        2,
                        Encryption.NONE));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "redis:6379",
                "http://redis",
                "redis-socket:///s3cret",
                "redis://",
                "redis://a,b",
                "redis://redis:0",
                "redis://redis/x",
                "redis://redis?timeout=s3cret",
                "redis://redis#main",
                "redis-sentinel://s1",
                "redis://s3cret@redis",
                "redis://bob:@redis",
                "redis://:s3cret#ret@redis",
                "redis://:s3cret?ret@redis",
                "redis://:s3cret:ret@redis",
                "redis://:s3cret%zz@redis"
            })
    void whatIsNoAddressIsRefusedAndNotShown(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RedisAddress.parse(text))
                .withMessageStartingWith("the address of Redis must be redis://")
                .withMessageNotContaining("s3cret")
                .withNoCause();
    }
}
