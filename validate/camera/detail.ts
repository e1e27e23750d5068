import { GREY_HEIGHT, GREY_WIDTH } from '../../shared/model/drive.ts';

/** Neighbouring pixels further apart than this, in grey levels, show an edge that neither noise nor a headlight's rim makes. */
const EDGE = 24;

/**
 * Share of neighbouring pixels, along the rows, between which there is an edge: about 0.14 in a street by day, 0.10 with
 * half of the lens covered, 0.03 in the light of headlamps and in fog (simulated ones). A night's picture has contrast
 * enough, but that of its own lamps, which go with the camera wherever it turns.
 */
export function detailOf(grey: Uint8Array): number {
  let edges = 0;
  for (let y = 0; y < GREY_HEIGHT; y += 1) {
    for (let x = 1; x < GREY_WIDTH; x += 1) if (Math.abs(grey[y * GREY_WIDTH + x]! - grey[y * GREY_WIDTH + x - 1]!) > EDGE) edges += 1;
  }
  return edges / (GREY_HEIGHT * (GREY_WIDTH - 1));
}
