package org.bucketkeeper.bucket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.CharBuffer;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BucketTest {

    private static final String UUID_TEXT = "3F8a2b1c-0d4e-4f5a-8b6c-7d8e9f0a1b2c";

    @Test
    void isNamedByTheFirstTwoHexDigitsOfADashedUuid() {
        assertThat(Bucket.of(UUID_TEXT)).hasToString("3f");
    }

    @Test
    void isNamedByTheFirstTwoHexDigitsOfAnUndashedUuid() {
        assertThat(Bucket.of(UUID_TEXT.replace("-", ""))).hasToString("3f");
    }

    @Test
    void isTheSameForEveryFormOfAUuid() {
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < 10_000; i++) {
            UUID uuid = new UUID(random.nextLong(), random.nextLong());
            String dashed = uuid.toString();
            String undashed = dashed.replace("-", "");

            assertThat(Bucket.of(dashed))
                    .as(dashed)
                    .isSameAs(Bucket.of(uuid))
                    .isSameAs(Bucket.of(undashed))
                    .isSameAs(Bucket.of(dashed.toUpperCase(Locale.ROOT)))
                    .isSameAs(Bucket.of(CharBuffer.wrap(undashed.toUpperCase(Locale.ROOT))))
                    .isSameAs(Bucket.parse(dashed.substring(0, 2)));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "3f",
                "3f8a2b1c0d4e4f5a8b6c7d8e9f0a1b2",
                "3f8a2b1c0d4e4f5a8b6c7d8e9f0a1b2c3",
                "3f8a2b1c0d4e4f5a8b6c7d8e9f0a1b2g",
                "gf8a2b1c0d4e4f5a8b6c7d8e9f0a1b2c",
                "3f8a2b1c-0d4e-4f5a-8b6c-7d8e9f0a1b2",
                "3f8a2b1c_0d4e-4f5a-8b6c-7d8e9f0a1b2c",
                "3f8a2b1c0-d4e-4f5a-8b6c-7d8e9f0a1b2c",
                "3f8a2b1c-0d4e-4f5a-8b6c-7d8e9f0a1b2-",
                "{f8a2b1c-0d4e-4f5a-8b6c-7d8e9f0a1b2}",
                " 3f8a2b1c0d4e4f5a8b6c7d8e9f0a1b2c",
                "\u0663f8a2b1c0d4e4f5a8b6c7d8e9f0a1b2c",
                "\uff13f8a2b1c0d4e4f5a8b6c7d8e9f0a1b2c"
            })
    void refusesEveryOtherTextAndShowsIt(String text) {
        assertThatThrownBy(() -> Bucket.of(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("UUID must be 32 hex digits")
                .hasMessageContaining("\"" + text + "\"");
    }

    @Test
    void refusesAnyTextInWhichOneCharacterIsSpoilt() {
        for (String good : new String[] {UUID_TEXT, UUID_TEXT.replace("-", "")}) {
            for (int i = 0; i < good.length(); i++) {
                String spoilt = good.substring(0, i) + "x" + good.substring(i + 1);
                assertThatThrownBy(() -> Bucket.of(spoilt)).hasMessageContaining(spoilt);
            }
        }
    }

    @Test
    void shortensAndCleansARefusedTextInItsMessage() {
        String text = "a\nb" + "z".repeat(10_000);

        assertThatThrownBy(() -> Bucket.of(text))
                .hasMessageContaining("\"a?bzzz")
                .hasMessageContaining("zzz...\"")
                .message()
                .hasSizeLessThan(250);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "3", "3F", "3g", "03f", "+3", " 3"})
    void refusesANameThatIsNotTwoLowerCaseHexDigits(String name) {
        assertThatThrownBy(() -> Bucket.parse(name))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("\"" + name + "\"");
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 256, Integer.MAX_VALUE, Integer.MIN_VALUE})
    void refusesAnIndexOutsideItsRange(int index) {
        assertThatThrownBy(() -> Bucket.of(index)).hasMessageContaining(String.valueOf(index));
    }

    @Test
    void namesAllIndexesAndBack() {
        for (int i = 0; i < Bucket.COUNT; i++) {
            assertThat(Bucket.parse(Bucket.of(i).toString()).index()).isEqualTo(i);
        }
    }
}
