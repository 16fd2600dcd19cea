/** dtable-web: tells browsers which server has a base, and gives them a page that shows it. */
@NullMarked
package org.bucketkeeper.examples.web;

import org.jspecify.annotations.NullMarked;
