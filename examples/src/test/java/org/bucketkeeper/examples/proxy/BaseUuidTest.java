package org.bucketkeeper.examples.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.assertj.core.api.AbstractThrowableAssert;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BaseUuidTest {

    private static final String UNDASHED = "3f8a2b1c0d4e4f5a8b6c7d8e9f0a1b2c";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/v1/dtables/3f8a2b1c0d4e4f5a8b6c7d8e9f0a1b2c/rows/",
                "/api/v1/dtables/3f8a2b1c-0d4e-4f5a-8b6c-7d8e9f0a1b2c/",
                "/api/v1/dtables/3F8A2B1C-0D4E-4F5A-8B6C-7D8E9F0A1B2C",
                "/api/v1/dtables/3F8a2b1c0d4e4f5a8b6c7d8e9f0a1b2c?convert=true",
                "/api/v1/internal/dtables/3f8a2b1c0d4e4f5a8b6c7d8e9f0a1b2c/rows/",
                "/api/v2/dtables/3f8a2b1c0d4e4f5a8b6c7d8e9f0a1b2c/rows/",
                "/dtable-server/api/v1/dtables/3f8a2b1c0d4e4f5a8b6c7d8e9f0a1b2c/rows/",
                "/dtable-server/api/v1/internal/dtables/3f8a2b1c0d4e4f5a8b6c7d8e9f0a1b2c/rows/x/y/z/",
                "/dtable-server/api/v2/dtables/3f8a2b1c0d4e4f5a8b6c7d8e9f0a1b2c/rows/",
                "/dtable-server/dtables/3f8a2b1c0d4e4f5a8b6c7d8e9f0a1b2c/rows/",
                "/api/v1/dt%61bles/3f8a2b1c%2D0d4e-4f5a-8b6c-7d8e9f0a1b2c/",
                "/socket.io/?EIO=3&dtable_uuid=3f8a2b1c0d4e4f5a8b6c7d8e9f0a1b2c&transport=websocket",
                "/ws/?dtable_uuid=3f8a2b1c-0d4e-4f5a-8b6c-7d8e9f0a1b2c",
                "/anything?bad=%zz&dtable%5Fuuid=3f8a2b1c0d4e4f5a8b6c7d8e9f0a1b2%63",
                "/api/v1/dtables/3f8a2b1c0d4e4f5a8b6c7d8e9f0a1b2c/?dtable_uuid=3F8A2B1C-0D4E-4F5A-8B6C-7D8E9F0A1B2C"
            })
    void findsTheUuid(String target) {
        BaseUuid found = BaseUuid.in(target);

        assertThat(found.text()).isEqualTo(UNDASHED);
        assertThat(found.bucket()).hasToString("3f");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/api/v1/dtables",
                "/api/v1/bases/3f8a2b1c0d4e4f5a8b6c7d8e9f0a1b2c/",
                "/dtables/3f8a2b1c0d4e4f5a8b6c7d8e9f0a1b2c/",
                "/api/v2/internal/dtables/3f8a2b1c0d4e4f5a8b6c7d8e9f0a1b2c/",
                "/api/v1/dtables%2F3f8a2b1c0d4e4f5a8b6c7d8e9f0a1b2c/",
                "/socket.io/?uuid=3f8a2b1c0d4e4f5a8b6c7d8e9f0a1b2c"
            })
    void refusesARequestThatNamesNoBase(String target) {
        assertRefused(target, "no_base_uuid").hasMessageContaining(target.replaceAll("\\?.*", ""));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/v1/dtables/3f8a2b1c/",
                "/api/v1/dtables//rows/",
                "/api/v1/dtables/3f8a2b1c0d4e4f5a8b6c7d8e9f0a1b2x/",
                "/api/v1/dtables/3f8a2b1c0d4e4f5a8b6c7d8e9f0a1b2%/",
                "/api/v1/dtables/+3f8a2b1c0d4e4f5a8b6c7d8e9f0a1b2c/",
                "/socket.io/?dtable_uuid=",
                "/socket.io/?dtable_uuid",
                "/socket.io/?dtable_uuid=3f&dtable_uuid=3f8a2b1c0d4e4f5a8b6c7d8e9f0a1b2c",
                "/api/v1/dtables/3f8a2b1c0d4e4f5a8b6c7d8e9f0a1b2c/?dtable_uuid=nonsense"
            })
    void refusesWhatIsNoUuid(String target) {
        assertRefused(target, "bad_base_uuid");
    }

    @Test
    void showsTheBadValueOnOneLine() {
        assertRefused("/api/v1/dtables/3f%0A%e2%80%ae8a/", "bad_base_uuid").hasMessageContaining("is \"3f??8a\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/v1/dtables/3f8a2b1c0d4e4f5a8b6c7d8e9f0a1b2c/?dtable_uuid=3f8a2b1c0d4e4f5a8b6c7d8e9f0a1b2d",
                "/ws/?dtable_uuid=3f8a2b1c0d4e4f5a8b6c7d8e9f0a1b2c&dtable_uuid=008a2b1c0d4e4f5a8b6c7d8e9f0a1b2c"
            })
    void refusesTwoUuidsThatDiffer(String target) {
        assertRefused(target, "contradicting_base_uuids").hasMessageContaining("\"" + UNDASHED + "\"");
    }

    private static AbstractThrowableAssert<?, ? extends Throwable> assertRefused(String target, String error) {
        var refused = assertThatThrownBy(() -> BaseUuid.in(target)).isInstanceOf(RefusedRequestException.class);
        refused.asInstanceOf(InstanceOfAssertFactories.type(RefusedRequestException.class))
                .extracting(RefusedRequestException::error)
                .isEqualTo(error);
        return refused;
    }
}
