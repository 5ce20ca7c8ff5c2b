/**
 * Milliseconds that tests wait for what is sure to come. A test that fails takes as long, and no other: on a busy
 * machine everything takes many times as long as alone.
 */
export const PATIENCE = 60_000;
