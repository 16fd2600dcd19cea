package org.bucketkeeper.examples.demo;

/**
 * How a node is shown. The letter tells it apart, the colour only helps.
 *
 * @param letter one capital
 * @param colour the node's own as long as there are no more nodes than colours
 */
record NodeMark(char letter, Rgb colour) {}
