/** What the tests of pages need of a browser. */
@NullMarked
package org.bucketkeeper.examples.browser;

import org.jspecify.annotations.NullMarked;
